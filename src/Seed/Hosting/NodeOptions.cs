using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.Seed.Control;
using LPZero.Seed.Telemetry;

namespace LPZero.Seed.Hosting;

/// <summary>What a node is and where it is reached.</summary>
public sealed record NodeOptions
{
    /// <summary>What the node does: coordinator, gpu or both.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Address that the cluster port listens on, and that the peers use unless <see cref="PublicHost"/> is set.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Address that the peers reach this node by.</summary>
    public string? PublicHost { get; init; }

    /// <summary>Cluster port; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Nodes to join, as <c>HOST:PORT</c>, besides those that the database knows of; a node whose own address comes first, or
    /// that has none, may begin the cluster.
    /// </summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Address that the control API listens on; null for no control API.</summary>
    public string? ControlHost { get; init; }

    /// <summary>Port of the control API.</summary>
    public int ControlPort { get; init; }

    /// <summary>Who may use the control API.</summary>
    public ApiSecurity Security { get; init; } = new();

    /// <summary>How much the control API takes from anybody.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>How the nodes know one another; null where they let everybody in.</summary>
    public ClusterTls? Tls { get; init; }

    /// <summary>What it tells those who watch it.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>A node that has been silent for so long is held unreachable. Busy machines pause longer than idle ones.</summary>
    public TimeSpan UnreachableAfter { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>An unreachable node is removed when the cluster has looked the same for so long.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A GPU node that has been in a cluster without a coordinator for so long ends. By then a coordinator that was killed has
    /// been removed, and one that was drained may be back.
    /// </summary>
    public TimeSpan CoordinatorAway => 2 * (UnreachableAfter + StableAfter);

    /// <summary>A coordinator whose journal has not started after so long ends.</summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A batch that nobody asks for so long is unloaded.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A leaving node has so long to finish what it is at.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Times and bounds of the runs' owners.</summary>
    public CoordinatorSettings Coordinator { get; init; } = new();

    /// <summary>Bounds of the batches.</summary>
    public GpuNodeSettings Gpu { get; init; } = GpuNodeSettings.Default;

    /// <summary>Whether the node owns runs.</summary>
    public bool IsCoordinator => Roles.Contains(ClusterNames.Coordinator);

    /// <summary>Whether the node computes terms.</summary>
    public bool IsGpu => Roles.Contains(ClusterNames.Gpu);
}
