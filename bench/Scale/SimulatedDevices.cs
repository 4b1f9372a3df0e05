using LPZero.Cluster.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>Devices that take a fixed time for a request and make its terms up. One request at a time on each.</summary>
/// <param name="count">How many nodes they stand for.</param>
/// <param name="service">What a request takes.</param>
internal sealed class SimulatedDevices(int count, TimeSpan service) : IDeviceSet
{
    /// <summary>The arithmetic that all of them have in common.</summary>
    public const string Profile = "simulated";

    private readonly Device[] devices = [.. Enumerable.Range(0, count).Select(_ => new Device())];
    private readonly Lock assigning = new();

    public string NumericProfile => Profile;

    public IDeviceSlot Assign()
    {
        lock (assigning)
        {
            var device = devices.MinBy(device => device.Batches)!;
            device.Batches++;
            return new Slot(device, service);
        }
    }

    public DeviceDescription Describe() => new(Profile, devices.Length, LoadedArchitectures: 0, ComputedTerms: 0);

    private sealed class Device
    {
        public SemaphoreSlim Free { get; } = new(1);

        public int Batches { get; set; }
    }

    private sealed class Slot(Device device, TimeSpan service) : IDeviceSlot
    {
        public async Task<TermReply> EvaluateAsync(TermRequest request)
        {
            await device.Free.WaitAsync();
            try
            {
                await Task.Delay(service);
            }
            finally
            {
                device.Free.Release();
            }

            return new TermReply(request.Id, request.Attempt, [.. request.Wanted.Select(wanted => MadeUp(request.Target, wanted))]);
        }

        public void Dispose()
        {
            // Nothing was loaded.
        }

        private static TermBlock MadeUp(ProbedNetwork target, ChainSet wanted)
        {
            var values = wanted.Chains.Length * target.Network.Layers.Length;
            return new TermBlock(
                wanted.Input, [.. Enumerable.Repeat(1, target.Network.Layers.Length)], wanted.Chains,
                [.. Enumerable.Range(0, values).Select(i => i / (double)values)], [.. Enumerable.Repeat(1024L, values)]);
        }
    }
}
