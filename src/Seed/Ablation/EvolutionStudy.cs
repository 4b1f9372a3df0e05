using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Ablation;

/// <summary>What the study gave.</summary>
/// <param name="Study">All of it.</param>
/// <param name="HeldOutRho">Held-out rho of what the evolution with the rules found.</param>
/// <param name="HeldOutTauA">Kendall's tau-a of the same.</param>
internal sealed record EvolutionResult(Study Study, Spread HeldOutRho, Spread HeldOutTauA);

/// <summary>
/// What the rules, the evolution and the size of the population are worth: figures 6 and 7 of the LPZero paper, over several seeds, each
/// with a split and an evolution of its own.
/// </summary>
/// <param name="asked">What it is of.</param>
/// <param name="seeds">How many seeds, from the configuration's on.</param>
/// <param name="populations">The sizes of figure 7; figure 6 has the first.</param>
internal sealed class EvolutionStudy(StudyRequest asked, int seeds, ImmutableArray<int> populations)
{
    private const string Rules = "rules", Population = "population";

    /// <summary>Where the table shows how far the search had come.</summary>
    private static readonly ImmutableArray<int> Shown = [0, 100, 400];

    private readonly FinishedParts<FinishedSearch> parts = new(Path.Combine(asked.Folder, "evolution-parts.json"));
    private readonly string digest = BenchmarkDigest.Of(asked.Benchmark);

    /// <summary>Searches with every arm and seed, as far as that is not done.</summary>
    /// <param name="interrupt">Ends it; finished searches are kept.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<EvolutionResult> RunAsync(CancellationToken interrupt)
    {
        var arms = Arms();
        var runs = arms.ToDictionary(arm => arm, _ => new List<FinishedSearch>());
        var truths = new List<ImmutableArray<TruthColumn>>();
        var (done, started) = (0, Stopwatch.GetTimestamp());
        for (var seed = 0; seed < seeds; seed++)
        {
            var before = done;
            foreach (var byRules in arms.GroupBy(arm => arm.Configuration.Pruning))
            {
                // Arms of the same rules share the terms of a split.
                SplitTerms? terms = null;
                foreach (var arm in byRules)
                {
                    var configuration = Seeded(arm.Configuration, seed);
                    terms ??= await SplitTerms.OpenAsync(asked.Benchmark, configuration, asked.Terms, asked.Progress, interrupt);
                    if (truths.Count == seed)
                    {
                        truths.Add(terms.HeldOutTruths.All);
                    }

                    var key = PartKey.Of("leader by truth", configuration, digest, terms.NumericProfile);
                    var split = terms;
                    runs[arm].Add(await parts.GetOrAddAsync(key, async () =>
                    {
                        await CachedSearch.EnsureSpaceAsync(split, asked.Progress, interrupt);
                        done++;
                        return await CachedSearch.RunAsync(split, configuration, asked.Progress, interrupt);
                    }));
                }
            }

            asked.Say(string.Create(CultureInfo.InvariantCulture, $"searched with seed {seed + 1} of {seeds}") + (done == before
                ? " before"
                : $" ({StudyText.Pace(done, (seeds - seed - 1) * arms.Length, Stopwatch.GetElapsedTime(started).TotalSeconds)})"));
        }

        ImmutableArray<ArmResult> results = [.. arms.Select(arm => new ArmResult(arm, [.. runs[arm]]))];
        return new EvolutionResult(
            Of(results, MeanTruths.Of(truths)), results[0].HeldOut(run => run.HeldOut.Rho), results[0].HeldOut(run => run.HeldOut.TauA));
    }

    private ImmutableArray<Arm> Arms()
    {
        var configuration = asked.Configuration;
        var first = configuration with { Population = populations[0], Strategy = SearchStrategy.Evolution };
        return
        [
            new(Rules, "evolution with the rules", first),
            new(Rules, "evolution without rules", first with { Pruning = PruningMode.None }),
            new(Rules, "random draws with the rules", first with { Strategy = SearchStrategy.Random }),
            .. populations.Select(size => new Arm(
                Population, string.Create(CultureInfo.InvariantCulture, $"population {size}"), first with { Population = size })),
        ];
    }

    private static SearchConfiguration Seeded(SearchConfiguration configuration, int seed) =>
        configuration with { Seed = configuration.Seed + (ulong)seed };

    private Study Of(ImmutableArray<ArmResult> results, ImmutableArray<TruthColumn> truths)
    {
        // The arm of both figures stands there once.
        var ranked = RankedTruths.Of(
            truths,
            results.DistinctBy(result => result.Arm.Configuration).Select(result =>
                (result.Arm.Name, MeanTruths.Of([.. result.Runs.Select(run => run.HeldOut.ByTruth)]))));
        var iterations = asked.Configuration.Iterations;
        var shown = Shown.Where(iteration => iteration < iterations).Append(iterations).ToImmutableArray();
        var seconds = results.DistinctBy(result => result.Arm.Configuration).SelectMany(result => result.Runs).Sum(run => run.Seconds);
        var split = asked.Configuration.SplitSeed is null ? "" : " (here one and the same)";
        ImmutableArray<string> remarks =
        [
            string.Create(CultureInfo.InvariantCulture,
                $"{asked.Benchmark.Name}, seeds {asked.Configuration.Seed} to {asked.Configuration.Seed + (ulong)seeds - 1}: each seed " +
                $"is a split into search set and held-out set{split}, and an evolution. Lines are means over the seeds, bands one " +
                $"standard deviation. The searches took {Figures.Duration(seconds)} in all, over terms that were in the cache by then."),
            "Search rho is what the search maximises (with another --fitness than truth what that compares), and is inflated by the " +
            "choice; held-out rho, of the best proxy at the end, is the result. A larger population has scored more proxies at " +
            "iteration 0.",
        ];
        return new Study(
            "evolution", $"Evolution, rules and population on {asked.Benchmark.Name}", asked.Command, remarks,
            [Table(results, shown), .. StudyText.HeldOutByTruth(ranked), .. asked.CeilingTables],
            [
                .. Chart(results, Rules, "figure-6", "Evolution with the rules, without them, and random draws (figure 6 of the paper)"),
                .. Chart(results, Population, "figure-7", "Size of the population (figure 7 of the paper)"),
            ],
            ["figure", "arm", "iteration", "mean", "deviation", "lowest", "highest"],
            [
                .. results.SelectMany(result => result.Band(iterations).Select(point => ImmutableArray.Create<object?>(
                    FigureOf(result.Arm), result.Arm.Name, point.Iteration, Finite(point.BestRho.Mean),
                    Finite(point.BestRho.Deviation), Finite(point.BestRho.Lowest),
                    Finite(point.BestRho.Highest)))),
            ],
            Json(results, shown, ranked));
    }

    private object Json(ImmutableArray<ArmResult> results, ImmutableArray<int> shown, RankedTruths? ranked) => new
    {
        study = "evolution",
        command = asked.Command,
        benchmark = asked.Benchmark.Name,
        benchmarkDigest = digest,
        configuration = asked.Configuration,
        seeds = Enumerable.Range(0, seeds).Select(seed => asked.Configuration.Seed + (ulong)seed),
        arms = results.Select(result => new
        {
            figure = FigureOf(result.Arm),
            name = result.Arm.Name,
            population = result.Arm.Configuration.Population,
            strategy = result.Arm.Configuration.Strategy,
            pruning = result.Arm.Configuration.Pruning,
            searchRho = shown.Select(iteration => new { iteration, rho = StudyText.Json(result.At(iteration)) }),
            heldOutRho = StudyText.Json(result.HeldOut(run => run.HeldOut.Rho)),
            heldOutTauA = StudyText.Json(result.HeldOut(run => run.HeldOut.TauA)),
            runs = result.Runs.Select((run, seed) => new
            {
                seed = result.Arm.Configuration.Seed + (ulong)seed,
                best = run.Best,
                searchRho = Finite(run.SearchRho),
                heldOutRho = Finite(run.HeldOut.Rho),
                heldOutTauA = Finite(run.HeldOut.TauA),
                evaluations = run.Evaluations,
                invalid = run.Invalid,
            }),
        }),
        ceiling = CeilingJson.Of(asked.Ceiling),
        truths = RankedTruthJson.Of(ranked),
        output = Path.GetFullPath(asked.Folder),
    };

    private static int FigureOf(Arm arm) => arm.Figure == Rules ? 6 : 7;

    private static ReportTable Table(ImmutableArray<ArmResult> results, ImmutableArray<int> shown) => new(
        "Search rho after so many iterations, and held-out rho at the end",
        "Mean ± standard deviation over the seeds. Invalid: the share of scored proxies without a fitness.",
        [
            new Column("figure", CellKind.Number), new Column("arm", CellKind.Text),
            .. shown.Select(iteration => new Column(iteration.ToString(CultureInfo.InvariantCulture), CellKind.Number)),
            new Column("held-out rho", CellKind.Number), new Column("its range", CellKind.Number),
            new Column("held-out tau-a", CellKind.Number), new Column("scored", CellKind.Number), new Column("invalid", CellKind.Number),
        ],
        [
            .. results.Select(result => ImmutableArray.CreateRange<Cell>(
            [
                FigureOf(result.Arm).ToString(CultureInfo.InvariantCulture),
                result.Arm.Name,
                .. shown.Select(iteration => (Cell)StudyText.Correlation(result.At(iteration))),
                StudyText.Correlation(result.HeldOut(run => run.HeldOut.Rho)),
                StudyText.Range(result.HeldOut(run => run.HeldOut.Rho)),
                StudyText.Correlation(result.HeldOut(run => run.HeldOut.TauA)),
                Figures.Count((long)result.Runs.Average(run => run.Evaluations)),
                StudyText.Share(Spread.Of([.. result.Runs.Select(run => (double)run.Invalid / run.Evaluations)])),
            ])),
        ]);

    private IEnumerable<StudyFigure> Chart(ImmutableArray<ArmResult> results, string figure, string name, string caption) =>
        BandChart.Draw(
            name, caption, "iteration", "best search rho", "at the end",
            [
                .. results.Where(result => result.Arm.Figure == figure).Select(result => new BandSeries(
                    result.Arm.Name,
                    [
                        .. result.Band(asked.Configuration.Iterations).Select(point =>
                        {
                            var deviation = double.IsNaN(point.BestRho.Deviation) ? 0 : point.BestRho.Deviation;
                            return new BandedPoint(
                                point.Iteration, point.BestRho.Mean, point.BestRho.Mean - deviation, point.BestRho.Mean + deviation);
                        }),
                    ])),
            ]) is { } drawing
            ? [new StudyFigure(name, caption, drawing)]
            : [];

    /// <summary>One way to search.</summary>
    private sealed record Arm(string Figure, string Name, SearchConfiguration Configuration);

    /// <summary>What it gave, seed by seed.</summary>
    private sealed record ArmResult(Arm Arm, ImmutableArray<FinishedSearch> Runs)
    {
        public ImmutableArray<BandPoint> Band(int iterations) => ConvergenceBand.Of([.. Runs.Select(run => run.Convergence)], iterations);

        public Spread At(int iteration) => Band(iteration)[^1].BestRho;

        public Spread HeldOut(Func<FinishedSearch, double> figure) => Spread.Of([.. Runs.Select(figure)]);
    }
}
