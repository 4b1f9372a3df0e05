using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Models;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;
using ArchitectureSet = LPZero.Coordinator.Scoring.ArchitectureSet;

namespace LPZero.Seed.Embedded;

/// <summary>The report of a run that has ended: figures of its best proxies and of the baselines on both sets.</summary>
public static class RunReport
{
    /// <summary>How many of the best proxies are reported.</summary>
    public const int Proxies = 10;

    private static readonly JsonSerializerOptions Stored = new(MessageJson.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Puts the report together.</summary>
    /// <param name="run">The run, with what it has used in all.</param>
    /// <param name="command">What to type to do the same again.</param>
    /// <param name="state">Its last state.</param>
    /// <param name="events">All its events.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="sample">How it was split.</param>
    /// <param name="best">The proxies to report, best first by the search set.</param>
    /// <param name="search">Terms of the search set.</param>
    /// <param name="heldOut">Terms of the held-out set, those of <paramref name="best"/> at least.</param>
    public static ReportData Create(
        RunRecord run, string command, SearchState state, IEnumerable<SearchEvent> events, Benchmark benchmark, SearchSample sample,
        IReadOnlyList<Member> best, KnownTerms search, KnownTerms heldOut)
    {
        var configuration = run.Configuration;
        var shapes = configuration.ShapesOn(benchmark);
        var reduction = configuration.LayerReductions[0];
        var baselines = Baselines(benchmark, shapes);
        var evaluation = EvaluateHeldOut(
            benchmark, configuration, sample,
            [.. best.Select(member => new ScoredRanking(member.Proxy.ToString(), [.. heldOut.Scores(member.Canonical, reduction)]))]);
        var searchTruth = new SpearmanAgainst(sample.Search.Truths);
        return new ReportData
        {
            RunName = run.Name,
            BenchmarkName = benchmark.Name,
            Metric = benchmark.Metric,
            Configuration = Settings(configuration),
            Search = new SetSize(sample.Search.Architectures.Length, sample.Search.Networks.Length),
            HeldOut = new SetSize(evaluation.Architectures, evaluation.Networks),
            Baselines =
            [
                .. evaluation.Baselines.Select((result, i) => new BaselineEntry(
                    result.Name, searchTruth.Rho(baselines[i].Rank(sample.Search.Architectures).Scores.AsSpan()), result.Figures)),
            ],
            Proxies =
            [
                .. evaluation.Proxies.Select((result, i) => new ProxyEntry(
                    result.Name, best[i].Canonical.ToString(), best[i].Fitness.Rho, result.Figures, result.Differences, best[i].Forms)),
            ],
            Convergence = Convergence(events),
            Scatter = best.Count == 0 ? [] :
            [
                .. Points(sample.Search, search.Scores(best[0].Canonical, reduction), Reporting.ArchitectureSet.Search),
                .. Points(sample.HeldOut, heldOut.Scores(best[0].Canonical, reduction), Reporting.ArchitectureSet.HeldOut),
            ],
            Pruned = [.. state.RuleHits.OrderByDescending(p => p.Value).Select(p => new PruneCount(p.Key, p.Value))],
            TermCache = new TermCacheUse(run.TermHits, run.TermMisses),
            Seconds = run.Seconds,
            Origin = new ReportOrigin(DateTime.UtcNow, ProgramVersion.Text, run.BenchmarkDigest, command),
            Scored = state.Evaluations,
            Invalid = state.InvalidEvaluations,
            Ended = state.Ended,
            Notes = Notes(run, benchmark, shapes),
        };
    }

    /// <summary>The report as the database keeps it.</summary>
    public static string ToJson(ReportData report) => JsonSerializer.Serialize(report, Stored);

    /// <summary>The report of what <see cref="ToJson"/> wrote.</summary>
    public static ReportData FromJson(string json) => JsonSerializer.Deserialize<ReportData>(json, Stored)!;

    /// <summary>Figures of proxies and of the structural baselines on the held-out set.</summary>
    internal static HeldOutEvaluation EvaluateHeldOut(
        Benchmark benchmark, SearchConfiguration configuration, SearchSample sample, IReadOnlyList<ScoredRanking> proxies) => HeldOutEvaluation.Evaluate(
            EvaluationSetOf(sample.HeldOut),
            [.. Baselines(benchmark, configuration.ShapesOn(benchmark)).Select(baseline => baseline.Rank(sample.HeldOut.Architectures))],
            proxies,
            configuration.Seed);

    /// <summary>The architectures of a set with a proxy's scores, for the plot against the truth.</summary>
    internal static IEnumerable<ScatterPoint> Points(ArchitectureSet set, double[] scores, Reporting.ArchitectureSet name) =>
        set.Architectures.Select((architecture, i) => new ScatterPoint(architecture.Id, scores[i], architecture.Truth, name));

    private static ImmutableArray<StructuralBaseline> Baselines(Benchmark benchmark, Shapes shapes) =>
        StructuralBaselines.All(a => FlexiBertParameters.Count(a.Genotype.Resolve(shapes), benchmark.Sizes));

    private static EvaluationSet EvaluationSetOf(ArchitectureSet set) => new(
        [.. set.Truths],
        [.. set.NetworkOf.Select(network => network.ToString(CultureInfo.InvariantCulture))],
        [.. set.Architectures.Select(StructuralBaselines.GroupOf)]);

    private static ImmutableArray<ConvergencePoint> Convergence(IEnumerable<SearchEvent> events)
    {
        var points = ImmutableArray.CreateBuilder<ConvergencePoint>();
        var best = double.NegativeInfinity;
        var last = 0;
        foreach (var round in events.OfType<RoundScored>())
        {
            last = round.Iteration;
            foreach (var outcome in round.Outcomes)
            {
                if (outcome.Fitness?.Rho > best)
                {
                    best = outcome.Fitness.Rho;
                    if (points.Count > 0 && points[^1].Iteration == round.Iteration)
                    {
                        points.RemoveAt(points.Count - 1);
                    }

                    points.Add(new ConvergencePoint(round.Iteration, best));
                }
            }
        }

        if (points.Count > 0 && points[^1].Iteration < last)
        {
            points.Add(new ConvergencePoint(last, best));
        }

        return points.ToImmutable();
    }

    private static ImmutableArray<Setting> Settings(SearchConfiguration configuration)
    {
        using var json = JsonSerializer.SerializeToDocument(configuration, MessageJson.Options);
        return [.. json.RootElement.EnumerateObject().Select(member => new Setting(member.Name, Text(member.Value)))];
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? string.Join(", ", value.EnumerateArray().Select(Text))
        : value.ToString();

    private static ImmutableArray<string> Notes(RunRecord run, Benchmark benchmark, Shapes shapes)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.Add($"Numeric profile: {run.NumericProfile}.");
        if (shapes != benchmark.Shapes)
        {
            notes.Add($"The networks are built in the shapes '{ShapesNames.Name(shapes)}', while the benchmark's truth was measured on '{ShapesNames.Name(benchmark.Shapes)}'.");
        }

        return notes.ToImmutable();
    }
}
