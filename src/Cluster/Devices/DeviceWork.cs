using LPZero.GpuNode.Inputs;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Devices;

/// <summary>A request on its way through a device's queue.</summary>
/// <param name="request">What is asked.</param>
/// <param name="begin">Called when a device comes to it; says whether it is to be computed.</param>
internal sealed class DeviceWork(TermRequest request, Func<Task<bool>> begin)
{
    public TermRequest Request => request;

    public ProbedNetwork Target => request.Target;

    /// <summary>What it takes of a device, as far as its network's shapes tell.</summary>
    public long Bytes { get; } = Estimate(request.Target);

    /// <summary>How often others were taken before it although it was the first.</summary>
    public int PassedOver { get; set; }

    public TaskCompletionSource<TermReply?> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> BeginAsync() => begin();

    // What cannot be built is refused by the device that comes to it, and takes nothing.
    private static long Estimate(ProbedNetwork target)
    {
        try
        {
            return MemoryEstimate.Of(target).Peak;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }
}
