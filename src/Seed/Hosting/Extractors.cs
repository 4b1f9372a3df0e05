using System.Globalization;
using Akka.Cluster.Sharding;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Entities;

namespace LPZero.Seed.Hosting;

/// <summary>Runs by name.</summary>
public sealed class RunExtractor() : HashCodeMessageExtractor(Shards)
{
    private const int Shards = 32;

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as RunMessage)?.Run;
}

/// <summary>Batches by key. Those of one benchmark are dealt out to the shards in turn, so that shards are equally large.</summary>
public sealed class BatchExtractor() : HashCodeMessageExtractor(Shards)
{
    // Ten times as many as there are likely to be nodes, as sharding moves whole shards.
    private const int Shards = 256;

    /// <inheritdoc/>
    public override string? EntityId(object message) => (message as BatchRequest)?.Batch;

    /// <inheritdoc/>
    public override string ShardId(string entityId, object? messageHint = null)
    {
        var (all, number) = ArchitectureBatches.Parse(entityId);
        var first = int.Parse(base.ShardId(all, messageHint), CultureInfo.InvariantCulture);
        return ((first + number) % Shards).ToString(CultureInfo.InvariantCulture);
    }
}
