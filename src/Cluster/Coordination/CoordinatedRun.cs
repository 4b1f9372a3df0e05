using System.Collections.Immutable;
using System.Globalization;
using LPZero.Cluster.Storage;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Coordination;

/// <summary>What follows from a run's record: its process, its search set and its batches.</summary>
internal sealed class CoordinatedRun
{
    public CoordinatedRun(ClusterRun record)
    {
        Record = record;
        var configuration = record.Configuration;
        var shapes = configuration.ShapesOn(record.Benchmark);
        Process = new SearchProcess(configuration);
        Set = SearchSample.Of(record.Benchmark, configuration).Search;
        var probe = configuration.Probe(record.Benchmark.Sizes);
        Targets = [.. Set.Networks.Select(network => new ProbedNetwork(network, probe))];
        var batches = ArchitectureBatches.Of(record.Benchmark, shapes, probe);
        Batches = [.. Set.Networks.Select(batches.KeyOf)];
    }

    public ClusterRun Record { get; }

    public SearchConfiguration Configuration => Record.Configuration;

    public SearchProcess Process { get; }

    public ArchitectureSet Set { get; }

    public ImmutableArray<ProbedNetwork> Targets { get; }

    public ImmutableArray<string> Batches { get; }

    public StartSearch Start => new(Record.BenchmarkDigest, [.. Set.Architectures.Select(architecture => architecture.Id)]);

    /// <summary>The state of a snapshot and the events after it.</summary>
    public SearchState Fold(SearchSnapshot? snapshot, IEnumerable<SearchEvent> events) =>
        events.Aggregate(snapshot?.Restore(Process.Pruning) ?? new SearchState(), Process.Apply);

    /// <summary>A table with the terms that the cache holds.</summary>
    public async Task<TermTable> LoadTermsAsync(ITermCache cache, string numericProfile)
    {
        var table = new TermTable(Set.Networks.Length, Configuration.ElementReduction, Configuration.TensorReduction);
        for (var network = 0; network < Targets.Length; network++)
        {
            foreach (var block in await cache.LoadAsync(Targets[network].Key(numericProfile)))
            {
                table.Add(network, block);
            }
        }

        return table;
    }

    /// <summary>Names a request that nobody will answer: the network by its first architecture, and what was asked.</summary>
    public string Describe(HopelessRequest hopeless)
    {
        var architecture = Set.Architectures[Set.NetworkOf.IndexOf(hopeless.Network)].Id;
        var asked = string.Create(CultureInfo.InvariantCulture, $"input {hopeless.Wanted.Input}, {hopeless.Wanted.Chains.Length} chains of operations");
        return $"architecture '{architecture}' ({Set.Networks[hopeless.Network]}), {asked}: {hopeless.Reason}";
    }

    /// <summary>The canonical forms of a round's proposals.</summary>
    public ImmutableArray<CanonicalProxy> Canonical(ScoreRound round) =>
        [.. round.Proposals.Select(proposal => Process.Pruning.Judge(proposal.Proxy).Canonical!)];

    /// <summary>The branches that scoring them needs.</summary>
    public static ImmutableArray<Branch> Branches(IEnumerable<CanonicalProxy> proxies) =>
        [.. proxies.SelectMany(proxy => proxy.Branches).Distinct()];
}
