namespace LPZero.Messages;

/// <summary>The meters and activity sources of the program: each project has one of each, under the same name.</summary>
public static class TelemetryNames
{
    /// <summary>The owners of runs.</summary>
    public const string Coordinator = "LPZero.Coordinator";

    /// <summary>Batches and devices.</summary>
    public const string GpuNode = "LPZero.GpuNode";

    /// <summary>Journal, term cache and cluster.</summary>
    public const string Seed = "LPZero.Seed";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Coordinator, GpuNode, Seed];
}
