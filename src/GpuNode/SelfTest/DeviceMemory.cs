using System.Globalization;
using LPZero.GpuNode.Devices;

namespace LPZero.GpuNode.SelfTest;

/// <summary>Memory of a CUDA device while something runs on it.</summary>
internal static class DeviceMemory
{
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
                peak = CudaDriver.Memory(index) is { } memory ? Math.Max(peak ?? 0, memory.Used) : peak;
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
}
