using System.Collections.Immutable;
using System.Globalization;
using LPZero.Cluster.Storage;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Coordination;

/// <summary>One side of a run's split with what is asked of its networks.</summary>
/// <param name="set">The architectures.</param>
/// <param name="configuration">The run's configuration.</param>
/// <param name="probe">How the networks are probed.</param>
/// <param name="batches">The batches of the whole benchmark.</param>
internal sealed class ProbedSet(ArchitectureSet set, SearchConfiguration configuration, ProbeSettings probe, ArchitectureBatches batches)
{
    public ArchitectureSet Set => set;

    public ImmutableArray<ProbedNetwork> Targets { get; } = [.. set.Networks.Select(network => new ProbedNetwork(network, probe))];

    public ImmutableArray<string> Batches { get; } = [.. set.Networks.Select(batches.KeyOf)];

    /// <summary>A table that knows nothing yet.</summary>
    public TermTable EmptyTable() => new(set.Networks.Length, configuration.ElementReduction, configuration.TensorReduction);

    /// <summary>A table with the terms that the cache holds.</summary>
    public async Task<TermTable> LoadTermsAsync(ITermCache cache, string numericProfile)
    {
        var table = EmptyTable();
        for (var network = 0; network < Targets.Length; network++)
        {
            foreach (var block in await cache.LoadAsync(Targets[network].Key(numericProfile)))
            {
                table.Add(network, block);
            }
        }

        return table;
    }

    /// <summary>Asks for the set's terms.</summary>
    public TermCollection Collection(TermTable table, TermPlan plan, CoordinatorSettings settings) =>
        new(table, Targets, Batches, plan, settings, Random.Shared.NextInt64(long.MaxValue / 2));

    /// <summary>Names a request that nobody will answer: the network by its first architecture, and what was asked.</summary>
    public string Describe(HopelessRequest hopeless)
    {
        var architecture = set.Architectures[set.NetworkOf.IndexOf(hopeless.Network)].Id;
        var asked = string.Create(CultureInfo.InvariantCulture, $"input {hopeless.Wanted.Input}, {hopeless.Wanted.Chains.Length} chains of operations");
        return $"architecture '{architecture}' ({set.Networks[hopeless.Network]}), {asked}: {hopeless.Reason}";
    }
}
