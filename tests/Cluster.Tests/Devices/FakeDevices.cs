using System.Threading.Channels;
using LPZero.Cluster.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Devices;

/// <summary>Devices that make terms up, at once or when the test lets them.</summary>
internal sealed class FakeDevices(bool held = false) : IDeviceSet
{
    private readonly bool held = held;
    private readonly Channel<int> permissions = Channel.CreateUnbounded<int>();

    public string NumericProfile => Synthetic.Profile;

    public int ComputedRequests;

    public long ComputedTerms;

    public TaskCompletionSource Unloaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a request has reached the device.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<TermRequest, Exception?> Fault { get; set; } = _ => null;

    public void Release(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            permissions.Writer.TryWrite(i);
        }
    }

    public IDeviceSlot Assign() => new Slot(this);

    public DeviceDescription Describe() => new(NumericProfile, 1, 0, ComputedTerms);

    private sealed class Slot(FakeDevices devices) : IDeviceSlot
    {
        public async Task<TermReply> EvaluateAsync(TermRequest request)
        {
            devices.Begun.TrySetResult();
            if (devices.held)
            {
                await devices.permissions.Reader.ReadAsync();
            }

            if (devices.Fault(request) is { } fault)
            {
                throw fault;
            }

            Interlocked.Increment(ref devices.ComputedRequests);
            Interlocked.Add(ref devices.ComputedTerms, request.Wanted.Sum(wanted => wanted.Chains.Length));
            return Synthetic.Answer(request);
        }

        public void Dispose() => devices.Unloaded.TrySetResult();
    }
}
