using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Devices;

/// <summary>The devices of a node. All of them have the same numeric profile.</summary>
public interface IDeviceSet
{
    /// <summary>What the bits of their terms depend on.</summary>
    string NumericProfile { get; }

    /// <summary>
    /// The terms or scores that the request asks for; null where <paramref name="begin"/> said no. Does not block; an architecture that is
    /// not loaded is loaded first, on whichever device.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="share">Who asks: where several do, each gets its share of the devices.</param>
    /// <param name="begin">Called when a device comes to the request; says whether it is to be computed.</param>
    /// <param name="withdrawn">Takes the request back as long as no device has come to it.</param>
    /// <exception cref="OperationCanceledException">It was taken back, or the devices have ended before they came to it.</exception>
    Task<TermReply?> EvaluateAsync(TermRequest request, DeviceShare share, Func<Task<bool>> begin, CancellationToken withdrawn);

    /// <summary>Releases what is loaded of these architectures, once the devices have finished what they are at.</summary>
    void Unload(IReadOnlyCollection<ProbedNetwork> targets);

    /// <summary>What they are and hold now.</summary>
    DeviceDescription Describe();
}
