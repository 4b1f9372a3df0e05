using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// NVIDIA's driver library, asked for what libtorch's binding does not say. It numbers devices as libtorch does in the same
/// process: both follow CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER.
/// </summary>
internal static unsafe class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int LongestName = 256;

    /// <summary>The model of a device, such as <c>NVIDIA A100-SXM4-40GB</c>.</summary>
    /// <param name="index">Its number in this process.</param>
    /// <exception cref="TorchUnavailableException">The driver's library is not there, or does not know the device.</exception>
    public static string Model(int index)
    {
        if (!NativeLibrary.TryLoad(Library, out var library))
        {
            throw new TorchUnavailableException($"{Library} cannot be loaded: install NVIDIA's driver, or compute with --devices cpu");
        }

        // https://docs.nvidia.com/cuda/cuda-driver-api: cuInit, cuDeviceGet, cuDeviceGetName; each returns 0 for success.
        var initialize = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit");
        var get = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(library, "cuDeviceGet");
        var getName = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(library, "cuDeviceGetName");
        int device;
        var name = stackalloc byte[LongestName];
        Check(initialize(0), index);
        Check(get(&device, index), index);
        Check(getName(name, LongestName, device), index);
        return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    private static void Check(int result, int index)
    {
        if (result != 0)
        {
            throw new TorchUnavailableException(string.Create(CultureInfo.InvariantCulture, $"cuda:{index}: NVIDIA's driver does not say its model (error {result})"));
        }
    }
}
