using System.Collections.Immutable;
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

