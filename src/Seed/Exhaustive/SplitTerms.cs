using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Models;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>A benchmark split as a run of the configuration would, with the terms of both sides from the cache and the devices.</summary>
internal sealed class SplitTerms
{
    /// <summary>Makes reports.</summary>
    public static readonly RunReport Reports = new(FlexiBertParameters.Count);

    public SplitTerms(Benchmark benchmark, SearchConfiguration configuration, Database database, DevicePool devices, string numericProfile,
        ImmutableArray<(Reduction Elements, Reduction Tensors)> alsoReducedTo = default)
    {
        Benchmark = benchmark;
        Configuration = configuration;
        NumericProfile = numericProfile;
        Sample = SearchSample.Of(benchmark, configuration);
        var pruning = new RuleBasedPruning(configuration.Pruning, configuration.ElementReduction);
        var store = new TermStore(database);
        var others = alsoReducedTo.IsDefault ? [] : alsoReducedTo;
        Search = new KnownTerms(run: null, configuration, benchmark.Sizes, Sample.Search, numericProfile, store, devices, TermPlan.For(configuration, pruning), others);
        HeldOut = new KnownTerms(run: null, configuration, benchmark.Sizes, Sample.HeldOut, numericProfile, store, devices, TermPlan.NeededOnce, others);
    }

    /// <summary>The benchmark.</summary>
    public Benchmark Benchmark { get; }

    /// <summary>What determines the split, the terms and the scores.</summary>
    public SearchConfiguration Configuration { get; }

    /// <summary>What the devices' numbers depend on.</summary>
    public string NumericProfile { get; }

    /// <summary>What is searched and what is held out.</summary>
    public SearchSample Sample { get; }

    /// <summary>Terms of the search set.</summary>
    public KnownTerms Search { get; }

    /// <summary>Terms of the held-out set.</summary>
    public KnownTerms HeldOut { get; }

    /// <summary>The report, under the configuration that was used in the end, of proxies whose terms are known on both sides, as of a run.</summary>
    public ReportData Report(string name, string command, SearchConfiguration configuration, IReadOnlyList<Member> best, IReadOnlyDictionary<string, long> ruleHits, double seconds)
    {
        var state = new SearchState
        {
            Phase = SearchPhase.Finished, HallOfFame = [.. best], RuleHits = ruleHits.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        var run = new ReportedRun(
            name, configuration, Benchmark, Sample, NumericProfile, state, new TermCacheUse(Hits: 0, Misses: 0), seconds,
            new ReportOrigin(DateTime.UtcNow, ProgramVersion.Text, BenchmarkDigest.Of(Benchmark), command));
        return Reports.Create(run, Search.Table, HeldOut.Table) with { Scored = null, Invalid = null };
    }
}
