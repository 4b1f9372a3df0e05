using System.Diagnostics.Metrics;
using System.Globalization;
using LPZero.Messages;

namespace LPZero.GpuNode.Devices;

/// <content>What is seen of the devices: looked at where somebody asks, and not counted on the way.</content>
public sealed partial class DeviceThreads
{
    private readonly Meter meter = new(TelemetryNames.GpuNode);

    private void Observe()
    {
        meter.CreateObservableGauge("lpzero.device.queue", Queue, "{request}", "Requests that wait for a device thread of this node.");
        meter.CreateObservableGauge(
            "lpzero.device.memory.loaded", Loaded, "By", "Bytes that the loaded architectures hold, by device.");
        meter.CreateObservableGauge(
            "lpzero.device.memory.used", Used, "By",
            "Bytes in use, by device: of a GPU what its driver says of all processes, of the CPU what this process holds.");
        meter.CreateObservableGauge(
            "lpzero.device.memory.budget", () => memoryBudget, "By", "Bytes that the loaded architectures of this node may hold.");
    }

    private int Queue()
    {
        lock (gate)
        {
            return queues.Waiting;
        }
    }

    private IEnumerable<Measurement<long>> Loaded()
    {
        lock (gate)
        {
            return [.. threads.GroupBy(thread => thread.Device).Select(device => Of(device.Key, device.Sum(thread => thread.LoadedBytes)))];
        }
    }

    private IEnumerable<Measurement<long>> Used() =>
        threads.Select(thread => thread.Device).Distinct().Select(device => (device, Bytes: UsedOf(device)))
            .Where(used => used.Bytes is not null).Select(used => Of(used.device, used.Bytes!.Value));

    private static long? UsedOf(string device) => device == "cpu"
        ? Environment.WorkingSet
        : CudaDriver.Memory(int.Parse(device.AsSpan(device.IndexOf(':') + 1), CultureInfo.InvariantCulture))?.Used;

    private static Measurement<long> Of(string device, long bytes) => new(bytes, new KeyValuePair<string, object?>("device", device));
}
