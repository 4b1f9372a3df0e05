using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Actors;

/// <summary>What follows from a run's record: its process, and both sides of its split.</summary>
internal sealed class CoordinatedRun
{
    public CoordinatedRun(ClusterRun record)
    {
        Record = record;
        var configuration = record.Configuration;
        Process = new SearchProcess(configuration);
        Sample = SearchSample.Of(record.Benchmark, configuration);
        var probe = configuration.Probe(record.Benchmark.Sizes);
        var batches = ArchitectureBatches.Of(record.Benchmark, configuration.ShapesOn(record.Benchmark), probe);
        Search = Probed(Sample.Search);
        HeldOut = Probed(Sample.HeldOut);

        // A network is known to people by its first architecture.
        ProbedSet Probed(ArchitectureSet set) => new(set.Networks, probe, batches,
            network => $"architecture '{set.Architectures[set.NetworkOf.IndexOf(network)].Id}' " +
                $"({PrintableText.Shorten(set.Networks[network].ToString())})");
    }

    public ClusterRun Record { get; }

    public SearchConfiguration Configuration => Record.Configuration;

    public SearchProcess Process { get; }

    public SearchSample Sample { get; }

    public ProbedSet Search { get; }

    public ProbedSet HeldOut { get; }

    public StartSearch Start => new(Record.BenchmarkDigest, [.. Sample.Search.Architectures.Select(architecture => architecture.Id)]);

    /// <summary>A table of the networks of one side that knows nothing yet.</summary>
    public TermTable EmptyTable(ProbedSet set) => new(set.Targets.Length, Configuration.ElementReduction, Configuration.TensorReduction);

    /// <summary>The state of a snapshot and the events after it.</summary>
    public SearchState Fold(SearchSnapshot? snapshot, IEnumerable<SearchEvent> events) =>
        events.Aggregate(snapshot?.Restore(Process.Pruning) ?? new SearchState(), Process.Apply);

    /// <summary>The canonical forms of a round's proposals.</summary>
    public ImmutableArray<CanonicalProxy> Canonical(ScoreRound round) =>
        [.. round.Proposals.Select(proposal => Process.Pruning.Judge(proposal.Proxy).Canonical!)];

    /// <summary>The branches that scoring them needs.</summary>
    public static ImmutableArray<Branch> Branches(IEnumerable<CanonicalProxy> proxies) =>
        [.. proxies.SelectMany(proxy => proxy.Branches).Distinct()];
}
