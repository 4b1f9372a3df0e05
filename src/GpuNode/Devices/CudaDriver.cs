using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// NVIDIA's driver library, asked for what libtorch's binding does not say. It numbers devices as libtorch does in the same
/// process: both follow CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER.
/// </summary>
internal static partial class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int LongestName = 256;

    /// <summary>The model of a device, such as <c>NVIDIA A100-SXM4-40GB</c>.</summary>
    /// <param name="index">Its number in this process.</param>
    /// <exception cref="TorchUnavailableException">The driver's library is not there, or does not know the device.</exception>
    public static string Model(int index)
    {
        try
        {
            var name = new byte[LongestName];
            Check(Initialize(0), index);
            Check(Get(out var device, index), index);
            Check(GetName(name, name.Length, device), index);
            return Encoding.UTF8.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
        }
        catch (DllNotFoundException)
        {
            throw new TorchUnavailableException($"{Library} cannot be loaded: install NVIDIA's driver, or compute with --devices cpu");
        }
    }

    /// <summary>Memory of a device: what all processes hold, libtorch's own cache included, and all there is, in bytes.</summary>
    /// <param name="index">Its number in this process.</param>
    /// <returns>Null where the driver does not answer, or is not there.</returns>
    public static (long Used, long Total)? Memory(int index)
    {
        try
        {
            if (Initialize(0) != 0 || Get(out var device, index) != 0 || Retain(out var context, device) != 0)
            {
                return null;
            }

            try
            {
                if (Push(context) != 0)
                {
                    return null;
                }

                var answered = Info(out var free, out var total) == 0;
                _ = Pop(out _);
                return answered ? ((long)(total - free), (long)total) : null;
            }
            finally
            {
                _ = Release(device);
            }
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    private static void Check(int result, int index)
    {
        if (result != 0)
        {
            throw new TorchUnavailableException(string.Create(
                CultureInfo.InvariantCulture, $"cuda:{index}: NVIDIA's driver does not say its model (error {result})"));
        }
    }

    // Names and signatures: https://docs.nvidia.com/cuda/cuda-driver-api; each returns 0 for success.
    [LibraryImport(Library, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    private static partial int Get(out int device, int index);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    private static partial int GetName([Out] byte[] name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int Retain(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int Release(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int Push(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int Pop(out nint context);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int Info(out nuint free, out nuint total);
}
