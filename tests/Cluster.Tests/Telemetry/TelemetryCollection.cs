namespace LPZero.Cluster.Tests.Telemetry;

/// <summary>Tests that count what the whole process measures, and so run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}
