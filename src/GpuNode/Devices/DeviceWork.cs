using System.Diagnostics.CodeAnalysis;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Devices;

/// <summary>Something about one network on its way through a device's queue.</summary>
/// <param name="target">The network.</param>
/// <param name="share">Who asks.</param>
internal abstract class DeviceWork(ProbedNetwork target, DeviceShare share)
{
    public ProbedNetwork Target => target;

    public DeviceShare Share => share;

    /// <summary>What it takes of a device, as far as its network's shapes tell.</summary>
    public long Bytes { get; } = Estimate(target);

    /// <summary>How often others were taken before it although it was the first.</summary>
    public int PassedOver { get; set; }

    /// <summary>
    /// Does it on the device's thread, and returns how many terms it has computed. What it has come to, a failure too, is kept for
    /// <see cref="Answer"/>.
    /// </summary>
    public abstract int Do(ArchitectureHost host);

    /// <summary>Tells whoever waits what it has come to.</summary>
    public abstract void Answer();

    /// <summary>Tells whoever waits that no device will come to it.</summary>
    public abstract void Cancel();

    // What cannot be built is refused by the device that comes to it, and takes nothing.
    private static long Estimate(ProbedNetwork target)
    {
        try
        {
            return Network.MemoryOf(target).Peak;
        }
        catch (ArgumentException)
        {
            return 0;
        }
    }
}

/// <summary>Work that somebody waits for.</summary>
/// <param name="target">The network.</param>
/// <param name="share">Who asks.</param>
/// <param name="work">What is to be done.</param>
/// <param name="terms">How many terms the result has.</param>
internal sealed class DeviceWork<T>(ProbedNetwork target, DeviceShare share, Func<ArchitectureHost, T> work, Func<T, int> terms)
    : DeviceWork(target, share)
{
    private readonly TaskCompletionSource<T> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;
    private Exception? failure;

    public Task<T> Reply => reply.Task;

    [SuppressMessage("Design", "CA1031", Justification = "Whoever waits gets it.")]
    public override int Do(ArchitectureHost host)
    {
        try
        {
            result = work(host);
            return terms(result);
        }
        catch (Exception problem)
        {
            failure = problem;
            return 0;
        }
    }

    public override void Answer()
    {
        if (failure is null)
        {
            reply.SetResult(result);
        }
        else
        {
            reply.SetException(failure);
        }
    }

    public override void Cancel() => reply.TrySetCanceled();
}
