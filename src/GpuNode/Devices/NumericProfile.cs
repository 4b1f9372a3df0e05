using System.Runtime.Intrinsics.X86;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Evaluation;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// What the bits of a term depend on besides network and probe: library version, device kind, model of the GPU, BLAS and its kernel, vector
/// width, evaluator. Two hosts of the same profile compute the same bits.
/// </summary>
public static class NumericProfile
{
    /// <summary>The profile as a text, such as <c>libtorch 2.10.0, cpu, MKL 2024.2 branch 3, 256 bits, fused 2 fma</c>.</summary>
    public static string Describe(Device device, ITermEvaluator evaluator) => $"{Describe(device)}, {Operations(device.type, evaluator)}";

    /// <summary>What the bits of a training depend on; no evaluator takes part in it.</summary>
    public static string DescribeTraining()
    {
        // To name the CPU as a device is the first touch of TorchSharp in a training.
        _ = LibTorch.Load();
        return Describe(CPU);
    }

    private static string Describe(Device device)
    {
        var version = LibTorch.Load().Version;
        var backend = TorchBackend.Detect();
        var blas = backend.Kernel is { } kernel ? $"{backend.Blas} {kernel}" : backend.Blas;
        return $"libtorch {version}, {Kind(device.type, device.index, CudaDriver.Model)}, {blas}, {VectorBits()} bits";
    }

    /// <summary>
    /// The kind of device, with the model of a CUDA device, which splits long reductions by its number of multiprocessors. Of the
    /// machine's other devices it says nothing: they do not compute.
    /// </summary>
    internal static string Kind(DeviceType type, int index, Func<int, string> model) =>
        type == DeviceType.CUDA ? $"cuda {model(index)}" : type.ToString().ToLowerInvariant();

    /// <summary>The evaluator, on CUDA with the version of what operations are there.</summary>
    internal static string Operations(DeviceType type, ITermEvaluator evaluator) =>
        type == DeviceType.CUDA ? $"{evaluator.Name}, operations {OpByOpOperations.VersionOnCuda}" : evaluator.Name;

    // The drawing of weights and libtorch's element operations both follow it.
    private static int VectorBits() => Avx512F.IsSupported ? 512 : Avx2.IsSupported ? 256 : 128;
}
