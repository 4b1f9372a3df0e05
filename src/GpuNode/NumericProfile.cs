using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using LPZero.GpuNode.Evaluation;

namespace LPZero.GpuNode;

/// <summary>
/// What the bits of a term depend on besides network and probe: library version, device kind, BLAS kernel, vector
/// width, evaluator. Two hosts of the same profile compute the same bits.
/// </summary>
public static class NumericProfile
{
    /// <summary>The profile as a text, such as <c>libtorch 1.13.1, cpu, openblas Haswell, 256 bits, fused-1</c>.</summary>
    public static string Describe(Device device, ITermEvaluator evaluator) =>
        $"libtorch {__version__}, {device.type.ToString().ToLowerInvariant()}, {Blas()}, {VectorBits()} bits, {evaluator.Name}";

    private static int VectorBits() => Avx512F.IsSupported ? 512 : Avx2.IsSupported ? 256 : 128;

    /// <summary>
    /// The BLAS library among the libraries of the process, with its kernel where it can tell: OpenBLAS chooses one by
    /// the processor. The library for tensors must have been used before, or it is not loaded yet.
    /// </summary>
    private static string Blas()
    {
        using var process = Process.GetCurrentProcess();
        var libraries = process.Modules.Cast<ProcessModule>().Select(module => module.FileName).ToList();
        if (libraries.Find(file => Path.GetFileName(file).Contains("openblas", StringComparison.Ordinal) || file.Contains("/openblas", StringComparison.Ordinal)) is { } openBlas)
        {
            return "openblas " + OpenBlasKernel(openBlas);
        }

        return libraries.Exists(file => Path.GetFileName(file).Contains("mkl", StringComparison.Ordinal)) ? "mkl" : "reference";
    }

    private static unsafe string OpenBlasKernel(string file)
    {
        var library = NativeLibrary.Load(file);
        try
        {
            return NativeLibrary.TryGetExport(library, "openblas_get_corename", out var function)
                ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)function)()) ?? "unknown"
                : "unknown";
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }
}
