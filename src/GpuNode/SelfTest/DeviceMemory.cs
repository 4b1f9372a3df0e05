using System.Globalization;
using System.Runtime.InteropServices;

namespace LPZero.GpuNode.SelfTest;

/// <summary>Memory of a CUDA device, as NVIDIA's driver counts it: what all processes hold, libtorch's own cache included.</summary>
internal static partial class DeviceMemory
{
    private const string Driver = "libcuda.so.1";

    /// <summary>Bytes in use and bytes in all.</summary>
    /// <param name="index">The device's index.</param>
    /// <returns>Null where the driver does not answer.</returns>
    public static (long Used, long Total)? Of(int index)
    {
        try
        {
            if (Initialize(0) != 0 || Device(out var device, index) != 0 || Retain(out var context, device) != 0)
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

    /// <summary>The most that was in use while something ran, looked at every few milliseconds.</summary>
    /// <returns>Null where the driver does not answer.</returns>
    public static long? PeakDuring(Action run, int index)
    {
        using var done = new ManualResetEventSlim();
        long? peak = null;
        var watching = new Thread(() =>
        {
            do
            {
                peak = Of(index) is { } memory ? Math.Max(peak ?? 0, memory.Used) : peak;
            }
            while (!done.Wait(TimeSpan.FromMilliseconds(5)));
        })
        {
            Name = "device memory",
            IsBackground = true,
        };
        watching.Start();
        try
        {
            run();
        }
        finally
        {
            done.Set();
            watching.Join();
        }

        return peak;
    }

    /// <summary>Bytes as gigabytes, for people.</summary>
    public static string Text(long bytes) => (bytes / 1e9).ToString("F2", CultureInfo.InvariantCulture) + " GB";

    // Names and signatures: the CUDA driver API, cuda.h.
    [LibraryImport(Driver, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
    private static partial int Device(out int device, int index);

    [LibraryImport(Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    private static partial int Retain(out nint context, int device);

    [LibraryImport(Driver, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    private static partial int Release(int device);

    [LibraryImport(Driver, EntryPoint = "cuCtxPushCurrent_v2")]
    private static partial int Push(nint context);

    [LibraryImport(Driver, EntryPoint = "cuCtxPopCurrent_v2")]
    private static partial int Pop(out nint context);

    [LibraryImport(Driver, EntryPoint = "cuMemGetInfo_v2")]
    private static partial int Info(out nuint free, out nuint total);
}
