using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Devices;

/// <summary>The devices of a node. All of them have the same numeric profile.</summary>
public interface IDeviceSet
{
    /// <summary>What the bits of their terms depend on.</summary>
    string NumericProfile { get; }

    /// <summary>A place on the device that has the fewest batches. Dispose it to unload what was loaded through it.</summary>
    IDeviceSlot Assign();

    /// <summary>What they are and hold now.</summary>
    DeviceDescription Describe();
}

/// <summary>A batch's place on a device.</summary>
public interface IDeviceSlot : IDisposable
{
    /// <summary>The terms that the request asks for. Does not block; an architecture that is not loaded is loaded first.</summary>
    Task<TermReply> EvaluateAsync(TermRequest request);
}
