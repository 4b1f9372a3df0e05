using Akka.Actor;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Entities;

namespace LPZero.GpuNode.Actors;

/// <summary>Says what this node computes with.</summary>
public sealed class DeviceActor : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "device";

    /// <summary>The actor of these devices.</summary>
    public DeviceActor(IDeviceSet devices) => Receive<DescribeDevice>(_ => Sender.Tell(devices.Describe()));
}
