using Akka.Cluster.Sharding;
using LPZero.Cluster.Wire;

namespace LPZero.Cluster.Hosting;

/// <summary>Runs by name.</summary>
public sealed class RunExtractor() : HashCodeMessageExtractor(Shards)
{
    private const int Shards = 32;

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as RunMessage)?.Run;
}

/// <summary>Batches by key.</summary>
public sealed class BatchExtractor() : HashCodeMessageExtractor(Shards)
{
    // Ten times as many as there are likely to be nodes, as sharding moves whole shards.
    private const int Shards = 256;

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as BatchRequest)?.Batch;
}
