using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Exhaustive;

/// <summary>A benchmark split as a run of the configuration would, with the terms of both sides from whoever computes them.</summary>
internal sealed class SplitTerms
{
    private readonly Lazy<TruthColumns> heldOutTruths;

    private SplitTerms(
        Benchmark benchmark, SearchConfiguration configuration, SearchSample sample, ITermCollector terms, string numericProfile,
        ImmutableArray<(Reduction Elements, Reduction Tensors)> alsoReducedTo)
    {
        Benchmark = benchmark;
        Configuration = configuration;
        NumericProfile = numericProfile;
        Sample = sample;
        var probe = configuration.Probe(benchmark.Sizes);
        var pruning = RuleBasedPruning.Of(configuration);
        ImmutableArray<(Reduction, Reduction)> reductions =
        [
            (configuration.ElementReduction, configuration.TensorReduction), .. alsoReducedTo,
        ];
        Search = new TermTables(terms, numericProfile, Sample.Search, probe, TermPlan.For(configuration, pruning), reductions);
        HeldOut = new TermTables(terms, numericProfile, Sample.HeldOut, probe, TermPlan.NeededOnce, reductions);
        heldOutTruths = new Lazy<TruthColumns>(() => TruthColumns.Of(benchmark, Sample.HeldOut.Architectures));
    }

    /// <summary>Splits the benchmark, and learns what the terms will be computed with; none is computed yet.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="configuration">What determines the split, the terms and the scores.</param>
    /// <param name="terms">Who computes terms.</param>
    /// <param name="progress">Told what is waited for.</param>
    /// <param name="interrupt">Ends the waiting.</param>
    /// <param name="alsoReducedTo">Ways to reduce elements and tensors besides the configured one.</param>
    public static async Task<SplitTerms> OpenAsync(
        Benchmark benchmark, SearchConfiguration configuration, ITermCollector terms, IProgress<TermProgress>? progress,
        CancellationToken interrupt, params ImmutableArray<(Reduction Elements, Reduction Tensors)> alsoReducedTo)
    {
        var sample = SearchSample.Of(benchmark, configuration);
        var nothing = new WantedTerms(sample.Search.Networks, configuration.Probe(benchmark.Sizes), Branches: []);
        return new SplitTerms(
            benchmark, configuration, sample, terms, await terms.EnsureTermsAsync(nothing, progress, interrupt), alsoReducedTo);
    }

    /// <summary>The benchmark.</summary>
    public Benchmark Benchmark { get; }

    /// <summary>What determines the split, the terms and the scores.</summary>
    public SearchConfiguration Configuration { get; }

    /// <summary>What the devices' numbers depend on.</summary>
    public string NumericProfile { get; }

    /// <summary>What is searched and what is held out.</summary>
    public SearchSample Sample { get; }

    /// <summary>The truths that the held-out set can be ranked by; none of a benchmark without tasks.</summary>
    public TruthColumns HeldOutTruths => heldOutTruths.Value;

    /// <summary>Terms of the search set.</summary>
    public TermTables Search { get; }

    /// <summary>Terms of the held-out set.</summary>
    public TermTables HeldOut { get; }

    /// <summary>
    /// The report, under the configuration that was used in the end, of proxies whose terms are known on both sides, as of a run.
    /// </summary>
    public ReportData Report(
        string name, string command, SearchConfiguration configuration, IReadOnlyList<Member> best,
        IReadOnlyDictionary<string, long> ruleHits, double seconds)
    {
        var state = new SearchState
        {
            Phase = SearchPhase.Finished, HallOfFame = [.. best], RuleHits = ruleHits.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        var run = new ReportedRun(
            name, configuration, Benchmark, Sample, NumericProfile, state, new TermCacheUse(Hits: 0, Misses: 0), seconds,
            new ReportOrigin(DateTime.UtcNow, ProgramVersion.Text, BenchmarkDigest.Of(Benchmark), command));
        return RunReport.Create(run, Search.Table, HeldOut.Table) with { Scored = null, Invalid = null };
    }
}
