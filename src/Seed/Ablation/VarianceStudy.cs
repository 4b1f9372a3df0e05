using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Ablation;

/// <summary>
/// What a held-out rho depends on besides the proxy: the split, the seed of the weights, and the mini-batch. Every combination is searched
/// anew, with one and the same seed of the evolution, and the proxy that the first weights and mini-batch of a split led to is held against
/// the truth with all others.
/// </summary>
/// <param name="asked">What it is of.</param>
/// <param name="splits">How many splits, from the configuration's seed on.</param>
/// <param name="weights">How many seeds of the weights, from the configuration's on.</param>
/// <param name="batches">How many mini-batches, from the configuration's seed on.</param>
internal sealed class VarianceStudy(StudyRequest asked, int splits, int weights, int batches)
{
    private readonly FinishedParts<VarianceCell> parts = new(Path.Combine(asked.Folder, "variance-parts.json"));
    private readonly string digest = BenchmarkDigest.Of(asked.Benchmark);

    /// <summary>Searches what is not searched yet, table after table: a table is of one seed of the weights and one mini-batch.</summary>
    /// <param name="interrupt">Ends it; finished searches are kept, and terms that were computed.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<Study> RunAsync(CancellationToken interrupt)
    {
        var cells = new VarianceCell[splits, weights, batches];
        var truths = new List<ImmutableArray<TruthColumn>>();
        var (done, started, tables) = (0, Stopwatch.GetTimestamp(), weights * batches);
        for (var table = 0; table < tables; table++)
        {
            var (batch, weight) = Math.DivRem(table, weights);
            var before = done;
            for (var split = 0; split < splits; split++)
            {
                var configuration = Configured(split, weight, batch);
                var terms = await SplitTerms.OpenAsync(asked.Benchmark, configuration, asked.Terms, asked.Progress, interrupt);
                if (table == 0)
                {
                    truths.Add(terms.HeldOutTruths.All);
                }

                var first = table == 0 ? null : cells[split, 0, 0].Found.Best;
                var key = PartKey.Of($"cell by truth, fixed {first}", configuration, digest, terms.NumericProfile);
                cells[split, weight, batch] = await parts.GetOrAddAsync(key, () =>
                {
                    done++;
                    return SearchAsync(terms, configuration, first, interrupt);
                });
            }

            asked.Say(
                string.Create(CultureInfo.InvariantCulture, $"table {table + 1} of {tables} (weights {weight + 1}, mini-batch {batch + 1})")
                + (done == before
                    ? ": done before"
                    : $" ({StudyText.Pace(done, (tables - table - 1) * splits, Stopwatch.GetElapsedTime(started).TotalSeconds)})"));
        }

        return Of(cells, MeanTruths.Of(truths));
    }

    private SearchConfiguration Configured(int split, int weight, int batch)
    {
        var configuration = asked.Configuration;
        return configuration with
        {
            SplitSeed = (configuration.SplitSeed ?? configuration.Seed) + (ulong)split,
            WeightsSeed = configuration.WeightsSeed + (ulong)weight,
            BatchSeed = configuration.BatchSeed + (ulong)batch,
        };
    }

    private async Task<VarianceCell> SearchAsync(
        SplitTerms terms, SearchConfiguration configuration, string? first, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        await CachedSearch.EnsureSpaceAsync(terms, asked.Progress, interrupt);
        var found = await CachedSearch.RunAsync(terms, configuration, asked.Progress, interrupt);
        var heldOut = first is null ? found.HeldOut
            : await CachedSearch.HeldOutAsync(terms, configuration, Canonical(configuration, first), asked.Progress, interrupt);
        return new VarianceCell(found, heldOut, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static CanonicalProxy Canonical(SearchConfiguration configuration, string expression) =>
        RuleBasedPruning.Of(configuration).Judge(ProxyText.ParseProxy(expression)).Canonical!;

    private Study Of(VarianceCell[,,] cells, ImmutableArray<TruthColumn> truths)
    {
        var seconds = cells.Cast<VarianceCell>().Sum(cell => cell.Seconds);
        ImmutableArray<Measure> measures =
        [
            Measure.Of("found", "the proxy that is found anew", cells, cell => cell.Found.HeldOut),
            Measure.Of("fixed", "the proxy that the split's first table led to", cells, cell => cell.Fixed),
        ];
        var ranked = RankedTruths.Of(truths, measures.Select(measure => (measure.Title, measure.ByTruth)));
        return new Study(
            "variance", $"What held-out rho depends on, on {asked.Benchmark.Name}", asked.Command,
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{asked.Benchmark.Name}: {splits} splits x {weights} seeds of the weights x {batches} mini-batches, " +
                    $"{cells.Length} searches over {weights * batches} tables of terms; they took {Figures.Duration(seconds)} in all, " +
                    $"with the terms that were not in the cache. The evolution has one seed, {asked.Configuration.Seed}, throughout."),
                "Components of variance by the method of moments for the crossed random model with one observation a cell (Searle, " +
                "Casella and McCulloch, Variance Components, 1992, chapter 4); an estimate below 0 is read as 0. The last one holds the " +
                "interaction of all three.",
            ],
            [Components(measures), Spreads(measures), .. StudyText.HeldOutByTruth(ranked), .. asked.CeilingTables], [.. Chart(measures)],
            ["split", "weights", "batch", "best", "searchRho", "heldOutRho", "fixedHeldOutRho"],
            [
                .. Each(cells).Select(each => ImmutableArray.Create<object?>(
                    each.Split, each.Weight, each.Batch, each.Cell.Found.Best, Finite(each.Cell.Found.SearchRho),
                    Finite(each.Cell.Found.HeldOut.Rho), Finite(each.Cell.Fixed.Rho))),
            ],
            new
            {
                study = "variance",
                command = asked.Command,
                benchmark = asked.Benchmark.Name,
                benchmarkDigest = digest,
                configuration = asked.Configuration,
                splits,
                weights,
                batches,
                measures = measures.Select(measure => new
                {
                    name = measure.Name,
                    mean = Finite(measure.Components.Mean),
                    components = measure.Named.Select(component => new
                    {
                        of = component.Of, variance = Finite(component.Variance),
                    }),
                    spreadOverWeights = StudyText.Json(measure.OverWeights),
                    spreadOverBatches = StudyText.Json(measure.OverBatches),
                }),
                ceiling = CeilingJson.Of(asked.Ceiling),
                truths = RankedTruthJson.Of(ranked),
                seconds,
                output = Path.GetFullPath(asked.Folder),
            });
    }

    private static ReportTable Components(ImmutableArray<Measure> measures) => new(
        "Components of variance of held-out rho",
        "The standard deviation that each gives alone, and its share of the sum of all.",
        [
            new("component", CellKind.Text),
            .. measures.SelectMany(measure => new[]
            {
                new Column($"deviation, {measure.Title}", CellKind.Number), new Column("share", CellKind.Number),
            }),
        ],
        [
            .. measures[0].Named.Select((component, index) => ImmutableArray.CreateRange<Cell>(
            [
                component.Of,
                .. measures.SelectMany(measure => new Cell[]
                {
                    Deviation(measure.Named[index].Variance), StudyText.Share(Spread.Of(measure.ShareOf(index))),
                }),
            ])),
            ImmutableArray.CreateRange<Cell>(
            [
                "mean of all", .. measures.SelectMany(measure => new Cell[] { Figures.Correlation(measure.Components.Mean), "" }),
            ]),
        ]);

    private static IEnumerable<StudyFigure> Chart(ImmutableArray<Measure> measures)
    {
        const string caption = "What held-out rho varies with: the standard deviation that each component gives alone";
        return BarChart.Draw(
            "variance", caption, "standard deviation of held-out rho", [.. measures.Select(measure => measure.Title)],
            [
                .. measures[0].Named.Select((component, index) => new BarRow(
                    component.Of, [.. measures.Select(measure => Math.Sqrt(Math.Max(0, measure.Named[index].Variance)))])),
            ]) is { } drawing
            ? [new StudyFigure("variance", caption, drawing)]
            : [];
    }

    private static ReportTable Spreads(ImmutableArray<Measure> measures) => new(
        "Spread of held-out rho on one split",
        "Maximum minus minimum over the seeds of the weights with one mini-batch, and over the mini-batches with one seed: the mean over " +
        "all such sets, and the largest.",
        [
            new("proxy", CellKind.Text), new("over weights, mean", CellKind.Number), new("largest", CellKind.Number),
            new("over mini-batches, mean", CellKind.Number), new("largest", CellKind.Number),
        ],
        [
            .. measures.Select(measure => ImmutableArray.Create<Cell>(
                measure.Title, Fine(measure.OverWeights.Mean), Fine(measure.OverWeights.Highest), Fine(measure.OverBatches.Mean),
                Fine(measure.OverBatches.Highest))),
        ]);

    private static string Deviation(double variance) => Fine(Math.Sqrt(Math.Max(0, variance)));

    private static string Fine(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static IEnumerable<(int Split, int Weight, int Batch, VarianceCell Cell)> Each(VarianceCell[,,] cells) =>
        from split in Enumerable.Range(0, cells.GetLength(0))
        from weight in Enumerable.Range(0, cells.GetLength(1))
        from batch in Enumerable.Range(0, cells.GetLength(2))
        select (split, weight, batch, cells[split, weight, batch]);

    /// <summary>A figure of every cell, and what it depends on.</summary>
    private sealed record Measure(
        string Name, string Title, VarianceComponents Components, Spread OverWeights, Spread OverBatches, ImmutableArray<TruthRho> ByTruth)
    {
        public ImmutableArray<(string Of, double Variance)> Named =>
        [
            ("split", Components.First), ("weights", Components.Second), ("mini-batch", Components.Third),
            ("split x weights", Components.FirstSecond), ("split x mini-batch", Components.FirstThird),
            ("weights x mini-batch", Components.SecondThird), ("the rest", Components.Residual),
        ];

        public static Measure Of(string name, string title, VarianceCell[,,] cells, Func<VarianceCell, HeldOutRanking> figure)
        {
            var values = new double[cells.GetLength(0), cells.GetLength(1), cells.GetLength(2)];
            foreach (var each in Each(cells))
            {
                values[each.Split, each.Weight, each.Batch] = figure(each.Cell).Rho;
            }

            return new Measure(
                name, title, VarianceComponents.Of(values),
                Spreads(Each(cells).GroupBy(each => (each.Split, each.Batch), each => figure(each.Cell).Rho)),
                Spreads(Each(cells).GroupBy(each => (each.Split, each.Weight), each => figure(each.Cell).Rho)),
                MeanTruths.Of([.. cells.Cast<VarianceCell>().Select(cell => figure(cell).ByTruth)]));

            static Spread Spreads(IEnumerable<IEnumerable<double>> sets) =>
                Spread.Of([.. sets.Select(set => set.ToList()).Select(set => set.Max() - set.Min())]);
        }

        public double ShareOf(int component) =>
            Math.Max(0, Named[component].Variance) / Named.Sum(each => Math.Max(0, each.Variance));
    }
}

/// <summary>What one split, one seed of the weights and one mini-batch gave.</summary>
/// <param name="Found">The search.</param>
/// <param name="Fixed">How the proxy that the split's first table led to ranks the held-out set.</param>
/// <param name="Seconds">How long it took, with terms that were not in the cache.</param>
internal sealed record VarianceCell(FinishedSearch Found, HeldOutRanking Fixed, double Seconds);
