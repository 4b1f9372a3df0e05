using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Reporting;

/// <summary>A run that has ended, as far as its report tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Configuration">What determines it.</param>
/// <param name="Benchmark">What it searched on.</param>
/// <param name="Sample">How that was split.</param>
/// <param name="NumericProfile">What its numbers depend on; null where no device took part.</param>
/// <param name="State">Its last state.</param>
/// <param name="TermCache">How often a term was at hand, in all.</param>
/// <param name="Seconds">Time that it has run for, in all.</param>
/// <param name="Origin">When and by what the report is made.</param>
public sealed record ReportedRun(
    string Name, SearchConfiguration Configuration, Benchmark Benchmark, SearchSample Sample, string? NumericProfile,
    SearchState State, TermCacheUse TermCache, double Seconds, ReportOrigin Origin)
{
    /// <summary>The proxies to report, best first by the search set.</summary>
    public ImmutableArray<Member> Best => RunReport.BestOf(State);
}

/// <summary>The report of a run that has ended: figures of its best proxies and of the baselines on both sides of the split.</summary>
public static class RunReport
{
    /// <summary>How many of the best proxies are reported.</summary>
    public const int Proxies = 10;

    /// <summary>The proxies of a run that are reported, best first by the search set; their terms are needed on both sides.</summary>
    public static ImmutableArray<Member> BestOf(SearchState state) => [.. state.Leaders.Take(Proxies)];

    /// <summary>Puts the report together.</summary>
    /// <param name="run">The run.</param>
    /// <param name="search">Terms of the search set, those of the proxies to report at least.</param>
    /// <param name="heldOut">Terms of the held-out set, those of the proxies to report at least.</param>
    public static ReportData Create(ReportedRun run, TermTable search, TermTable heldOut)
    {
        var configuration = run.Configuration;
        var sample = run.Sample;
        var state = run.State;
        var best = run.Best;
        var reduction = configuration.LayerReductions[0];
        var baselines = new StructuralBaselines(run.Benchmark, configuration.SequenceLength);
        var structure = new FittedStructure(baselines, sample.Search, configuration.Seed);
        var rankings = BaselineRanking.AllOf(structure, sample.HeldOut);
        var answer = RunAnswer.Of(run, structure, search);
        ImmutableArray<ScoredRanking> scored =
        [
            .. best.Select(member => new ScoredRanking(
                member.Proxy.ToString(), [.. ProxyScores.Of(sample.HeldOut, heldOut, member.Canonical, reduction)])),
            .. answer is null
                ? Array.Empty<ScoredRanking>()
                : [new(answer.Root.ToString(), [.. RunAnswer.Scores(answer, run, baselines, sample.HeldOut, heldOut)])],
        ];
        var evaluation = EvaluateHeldOut(rankings, run.Benchmark, configuration, sample, scored);
        var truths = TruthColumns.Of(run.Benchmark, sample.HeldOut.Architectures);
        var criterion = Criteria.Of(configuration, structure);
        var searchTruth = new SpearmanAgainst(sample.Search.Truths);
        var onSearch = answer is null ? [] : RunAnswer.Scores(answer, run, baselines, sample.Search, search);
        return new ReportData
        {
            RunName = run.Name,
            BenchmarkName = run.Benchmark.Name,
            Metric = TaskTruth.Metric(run.Benchmark, configuration.Truth),
            MainBaseline = baselines.Main,
            Configuration = Settings(configuration),
            Search = SetSize.Of(sample.Search),
            HeldOut = new SetSize(evaluation.Architectures, evaluation.Networks),
            Ceiling = NoiseCeiling.Of(run.Benchmark, sample.HeldOut.Architectures, configuration.Truth),
            Truths = truths.All,
            Baselines =
            [
                .. evaluation.Baselines.Select((result, i) => new BaselineEntry(
                    result.Name, searchTruth.Rho(rankings[i].Search.AsSpan()), result.Figures)
                {
                    ByTruth = truths.Rank(rankings[i].HeldOut),
                }),
            ],
            Proxies =
            [
                .. evaluation.Proxies.Take(best.Length).Select((result, i) => new ProxyEntry(
                    result.Name, best[i].Canonical.ToString(), best[i].Fitness.Rho, result.Figures, result.Differences, best[i].Forms)
                {
                    ByTruth = truths.Rank(scored[i].Scores),
                    Criterion = best[i].Fitness.Criterion,
                }),
            ],
            Best = answer is null ? null : new AnswerEntry(
                answer, searchTruth.Rho(onSearch), evaluation.Proxies[^1].Figures, evaluation.Proxies[^1].Differences)
            {
                SearchTauA = Kendall.TauA(onSearch, sample.Search.Truths),
                SearchTauB = Kendall.TauB(onSearch, sample.Search.Truths),
                ByTruth = truths.Rank(scored[^1].Scores),
            },
            Compared = ComparedCorrelation.Name(configuration, criterion),
            Convergence = Convergence(state),
            Scatter = best.IsEmpty ? [] :
            [
                .. Points(sample.Search, ProxyScores.Of(sample.Search, search, best[0].Canonical, reduction), Side.Search),
                .. Points(sample.HeldOut, ProxyScores.Of(sample.HeldOut, heldOut, best[0].Canonical, reduction), Side.HeldOut),
            ],
            Pruned = [.. state.RuleHits.OrderByDescending(p => p.Value).Select(p => new PruneCount(p.Key, p.Value))],
            TermCache = run.TermCache,
            Seconds = run.Seconds,
            Origin = run.Origin,
            Scored = state.Evaluations,
            Invalid = state.InvalidEvaluations,
            Ended = state.Ended,
            Notes = Notes(run, structure),
        };
    }

    /// <summary>Figures of proxies and of the structural baselines on the held-out set.</summary>
    public static HeldOutEvaluation EvaluateHeldOut(
        Benchmark benchmark, SearchConfiguration configuration, SearchSample sample, IReadOnlyList<ScoredRanking> proxies) =>
        EvaluateHeldOut(
            BaselineRanking.AllOf(
                new FittedStructure(
                    new StructuralBaselines(benchmark, configuration.SequenceLength), sample.Search, configuration.Seed),
                sample.HeldOut),
            benchmark, configuration, sample, proxies);

    /// <summary>The architectures of a set with a proxy's scores, for the plot against the truth.</summary>
    public static IEnumerable<ScatterPoint> Points(ArchitectureSet set, double[] scores, Side side) =>
        set.Architectures.Select((architecture, i) => new ScatterPoint(architecture.Id, scores[i], architecture.Truth, side));

    private static HeldOutEvaluation EvaluateHeldOut(
        ImmutableArray<BaselineRanking> baselines, Benchmark benchmark, SearchConfiguration configuration, SearchSample sample,
        IReadOnlyList<ScoredRanking> proxies) =>
        HeldOutEvaluation.Evaluate(
            EvaluationSetOf(sample.HeldOut, benchmark, configuration),
            [.. baselines.Select(baseline => new ScoredRanking(baseline.Name, baseline.HeldOut))],
            proxies,
            configuration.Seed);

    private static EvaluationSet EvaluationSetOf(ArchitectureSet set, Benchmark benchmark, SearchConfiguration configuration)
    {
        var measured = EvaluatedSet.Of(set, benchmark, configuration);
        return new EvaluationSet(measured.Truth, measured.Networks, [.. set.Architectures.Select(StructuralBaselines.GroupOf)])
        {
            Parameters = measured.Parameters,
            Layers = measured.Layers,
        };
    }

    /// <summary>The improvements, and where the search stood at its end.</summary>
    private static ImmutableArray<ConvergencePoint> Convergence(SearchState state)
    {
        var points = state.Convergence;
        var last = state.Pending.IsEmpty ? state.Iteration : state.Iteration - 1;
        return points.IsEmpty || points[^1].Iteration >= last ? points : points.Add(points[^1] with { Iteration = last });
    }

    private static ImmutableArray<Setting> Settings(SearchConfiguration configuration)
    {
        using var json = JsonSerializer.SerializeToDocument(configuration, MessageJson.Options);
        return [.. json.RootElement.EnumerateObject().Select(member => new Setting(member.Name, Text(member.Value)))];
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? string.Join(", ", value.EnumerateArray().Select(Text))
        : value.ToString();

    private static ImmutableArray<string> Notes(ReportedRun run, FittedStructure structure)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        if (run.NumericProfile is { } profile)
        {
            notes.Add($"Numeric profile: {profile}.");
        }

        var shapes = run.Configuration.ShapesOn(run.Benchmark);
        if (shapes != run.Benchmark.Shapes)
        {
            notes.Add(
                $"The networks are built in the shapes '{ShapesNames.Name(shapes)}', " +
                $"while the benchmark's truth was measured on '{ShapesNames.Name(run.Benchmark.Shapes)}'.");
        }

        if (run.Configuration is { Fitness: FitnessTarget.Smoothed, Prefix: null })
        {
            notes.Add(SmoothedTruth.Of(structure).Note);
        }

        return notes.ToImmutable();
    }
}
