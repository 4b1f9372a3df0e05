using Akka.Actor;
using LPZero.Cluster.Wire;

namespace LPZero.Cluster.Devices;

/// <summary>Says what this node computes with.</summary>
public sealed class DeviceActor : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "device";

    /// <summary>The actor of these devices.</summary>
    public DeviceActor(IDeviceSet devices) => Receive<DescribeDevice>(_ => Sender.Tell(devices.Describe()));
}
