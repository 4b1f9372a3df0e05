using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Reporting.Charts;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Ablation;

/// <summary>
/// How many proxies rank well by the number of operations in a branch: table 5 of the LPZero paper. Up to two operations the whole space
/// is ranked besides; of more there is a sample alone.
/// </summary>
/// <param name="asked">What it is of.</param>
/// <param name="seeds">How many seeds, from the configuration's on: of the split, and of the draws.</param>
/// <param name="shortest">The fewest operations.</param>
/// <param name="longest">The most.</param>
/// <param name="sample">Proxies drawn for each seed and number of operations.</param>
internal sealed class WinRateStudy(StudyRequest asked, int seeds, int shortest, int longest, int sample)
{
    private const int LongestWholeSpace = 2;

    private readonly FinishedParts<WinRatePart> parts = new(Path.Combine(asked.Folder, "operations-parts.json"));
    private readonly string digest = BenchmarkDigest.Of(asked.Benchmark);

    /// <summary>What is published, as the last rows of the table.</summary>
    public ImmutableArray<PublishedWinRate> Published { get; init; } = [];

    /// <summary>Ranks what is not ranked yet.</summary>
    /// <param name="interrupt">Ends it; finished parts are kept, and terms that were computed.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<Study> RunAsync(CancellationToken interrupt)
    {
        var rows = new List<WinRateRow>();
        var truths = new List<ImmutableArray<TruthColumn>>();
        var all = Enumerable.Range(shortest, longest - shortest + 1)
            .SelectMany(operations => operations <= LongestWholeSpace
                ? new[] { (operations, IsWhole: true), (operations, IsWhole: false) }
                : [(operations, IsWhole: false)])
            .ToList();
        var (done, started) = (0, Stopwatch.GetTimestamp());
        foreach (var (place, (operations, isWhole)) in all.Index())
        {
            var found = ImmutableArray.CreateBuilder<WinRatePart>(seeds);
            for (var seed = 0; seed < seeds; seed++)
            {
                var configuration = asked.Configuration with
                {
                    UnaryOperations = operations,
                    Seed = asked.Configuration.Seed + (ulong)seed,
                };
                var terms = await SplitTerms.OpenAsync(asked.Benchmark, configuration, asked.Terms, asked.Progress, interrupt);
                if (truths.Count == seed)
                {
                    truths.Add(terms.HeldOutTruths.All);
                }

                var kind = isWhole ? "whole" : string.Create(CultureInfo.InvariantCulture, $"sample of {sample}");
                var key = PartKey.Of($"{kind} by truth", configuration, digest, terms.NumericProfile);
                var isKnown = parts.Has(key);
                found.Add(await parts.GetOrAddAsync(key, () => RankAsync(terms, configuration, isWhole, interrupt)));
                done += isKnown ? 0 : 1;
                var left = ((all.Count - place - 1) * seeds) + seeds - seed - 1;
                asked.Say(
                    string.Create(CultureInfo.InvariantCulture, $"{operations} operations a branch, {kind}, seed {seed + 1} of {seeds}")
                    + (isKnown ? ": done before" : $" ({StudyText.Pace(done, left, Stopwatch.GetElapsedTime(started).TotalSeconds)})"));
            }

            rows.Add(new WinRateRow(operations, isWhole, found.MoveToImmutable()));
        }

        return Of([.. rows], MeanTruths.Of(truths));
    }

    private async Task<WinRatePart> RankAsync(
        SplitTerms terms, SearchConfiguration configuration, bool isWhole, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var set = terms.Sample.Search;
        if (isWhole)
        {
            var space = new ProxySpace(configuration);
            await terms.Search.EnsureAsync(space.Branches, asked.Progress, interrupt);
            var ranking = new ExhaustiveRanking(space, new RankedSet(set), terms.Search.Table, configuration.MinDistinct);
            var tally = await Task.Run(() => ranking.RankAll(top: 1), interrupt).WaitAsync(interrupt);
            return await PartAsync(WinRates.Of(tally), tally.Best is [var first, ..] ? space.At(first.Ordinal) : null);
        }

        var drawn = SampledProxies.Draw(configuration, sample);
        await terms.Search.EnsureAsync([.. drawn.SelectMany(proxy => proxy.Branches).Distinct()], asked.Progress, interrupt);
        var fitness = new FitnessFunction(configuration, set, terms.Search.Table);
        List<(CanonicalProxy Proxy, double Rho)> valid =
        [
            .. drawn.Select(proxy => (Proxy: proxy, fitness.Evaluate(proxy).Fitness)).Where(ranked => ranked.Fitness is not null)
                .Select(ranked => (ranked.Proxy, ranked.Fitness!.Rho)),
        ];
        return await PartAsync(
            WinRates.Of(drawn.Length, [.. valid.Select(ranked => ranked.Rho)]),
            valid.Count == 0 ? null : valid.MaxBy(ranked => ranked.Rho).Proxy);

        async Task<WinRatePart> PartAsync(WinRates rates, CanonicalProxy? best)
        {
            var heldOut = best is null ? HeldOutRanking.None
                : await CachedSearch.HeldOutAsync(terms, configuration, best, asked.Progress, interrupt);
            return new WinRatePart(rates, heldOut, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private Study Of(ImmutableArray<WinRateRow> rows, ImmutableArray<TruthColumn> truths)
    {
        var ranked = RankedTruths.Of(
            truths, rows.Select(row => ($"best of {row.Name}", MeanTruths.Of([.. row.Parts.Select(part => part.HeldOut.ByTruth)]))));
        return new Study(
            "operations", $"Operations a branch on {asked.Benchmark.Name}", asked.Command,
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{asked.Benchmark.Name}, {seeds} seeds from {asked.Configuration.Seed} on (splits and draws), mini-batch " +
                    $"{asked.Configuration.BatchSize} x {asked.Configuration.SequenceLength}; it took " +
                    $"{Figures.Duration(rows.SelectMany(row => row.Parts).Sum(part => part.Seconds))} in all, with the terms that were " +
                    $"not in the cache."),
                "Ours is the share of all valid proxies whose rho on the search set is at least the threshold. The published win rate " +
                "(table 5 of the paper) is the share of those above 0.6 in a sample that takes all above 0.5 first, so it is larger for " +
                "the same space; the last column but one is the share of those that reach 0.6 among those that reach 0.5, which it lies " +
                "near. A sample draws every gene on its own, as a random search does, so that short canonical forms, which many genes " +
                "lead to, are in it more often than in the whole space; and the best of a few thousand is below the best of millions.",
            ],
            [Table(rows, Published), .. StudyText.HeldOutByTruth(ranked), .. asked.CeilingTables],
            [.. Chart(rows)],
            ["operations", "whole", "seed", "proxies", "valid", "bestRho", "threshold", "reaching", "share"],
            [
                .. rows.SelectMany(row => row.Parts.SelectMany((part, seed) => WinRates.Thresholds.Select((threshold, index) =>
                    ImmutableArray.Create<object?>(
                        row.Operations, row.IsWhole, asked.Configuration.Seed + (ulong)seed, part.Rates.Proxies, part.Rates.Valid,
                        Finite(part.Rates.BestRho), threshold, part.Rates.Reaching[index],
                        Finite(part.Rates.Share(index)))))),
            ],
            Json(rows, ranked));
    }

    private static IEnumerable<StudyFigure> Chart(ImmutableArray<WinRateRow> rows)
    {
        const string caption = "Share of the valid proxies that reach a search rho, by operations a branch (table 5 of the paper)";
        return BandChart.Draw(
            "operations", caption, "search rho, at least", "share of the valid proxies",
            string.Create(CultureInfo.InvariantCulture, $"from {WinRates.Thresholds[^1]}"),
            [
                .. rows.Select(row => new BandSeries(
                    row.Name,
                    [
                        .. WinRates.Thresholds.Select((threshold, index) =>
                        {
                            var share = row.Of(rates => rates.Share(index));
                            var deviation = double.IsNaN(share.Deviation) ? 0 : share.Deviation;
                            return new BandedPoint(threshold, share.Mean, share.Mean - deviation, share.Mean + deviation);
                        }),
                    ])),
            ]) is { } drawing
            ? [new StudyFigure("operations", caption, drawing)]
            : [];
    }

    private static ReportTable Table(ImmutableArray<WinRateRow> rows, ImmutableArray<PublishedWinRate> published) => new(
        "Win rates by operations a branch",
        "Mean ± standard deviation over the seeds. A share of none at all is n/a: with some seed no proxy reaches 0.5.",
        [
            new("operations", CellKind.Number), new("proxies", CellKind.Text), new("valid", CellKind.Number),
            new("best search rho", CellKind.Number), new("its held-out rho", CellKind.Number),
            .. WinRates.Thresholds.Select(threshold => new Column(
                string.Create(CultureInfo.InvariantCulture, $"rho from {threshold:0.0}"), CellKind.Number)),
            new("0.6 among 0.5", CellKind.Number), new("time", CellKind.Number),
        ],
        [
            .. rows.Select(row => ImmutableArray.CreateRange<Cell>(
            [
                row.Operations.ToString(CultureInfo.InvariantCulture),
                row.IsWhole
                    ? $"whole space: {Figures.Count(row.Parts[0].Rates.Proxies)}"
                    : $"sample: {Figures.Count(row.Parts[0].Rates.Proxies)}",
                StudyText.Share(row.Of(rates => (double)rates.Valid / rates.Proxies)),
                StudyText.Correlation(row.Of(rates => rates.BestRho)),
                StudyText.Correlation(row.HeldOutRho),
                .. WinRates.Thresholds.Select((_, index) => (Cell)StudyText.Share(row.Of(rates => rates.Share(index)))),
                StudyText.Share(row.Of(rates => rates.AsPublished)),
                Figures.Duration(row.Parts.Sum(part => part.Seconds)),
            ])),
            .. published.Select(row => ImmutableArray.CreateRange<Cell>(
            [
                row.Operations.ToString(CultureInfo.InvariantCulture), $"published: a sample on {row.Benchmark}", "",
                Figures.Correlation(row.BestRho), "", .. WinRates.Thresholds.Select(_ => (Cell)""),
                StudyText.Share(Spread.Of(row.WinRate)), "",
            ])),
        ]);

    private object Json(ImmutableArray<WinRateRow> rows, RankedTruths? ranked) => new
    {
        study = "operations",
        command = asked.Command,
        benchmark = asked.Benchmark.Name,
        benchmarkDigest = digest,
        configuration = asked.Configuration,
        seeds = Enumerable.Range(0, seeds).Select(seed => asked.Configuration.Seed + (ulong)seed),
        thresholds = WinRates.Thresholds,
        rows = rows.Select(row => new
        {
            operations = row.Operations,
            whole = row.IsWhole,
            proxies = row.Parts[0].Rates.Proxies,
            valid = row.Parts.Select(part => part.Rates.Valid),
            bestRho = StudyText.Json(row.Of(rates => rates.BestRho)),
            heldOutRho = StudyText.Json(row.HeldOutRho),
            winRate = StudyText.Json(row.Of(rates => rates.WinRate)),
            shares = WinRates.Thresholds.Select((_, index) => StudyText.Json(row.Of(rates => rates.Share(index)))),
            asPublished = StudyText.Json(row.Of(rates => rates.AsPublished)),
            seconds = row.Parts.Sum(part => part.Seconds),
        }),
        published = Published.IsEmpty ? null : Published.AsEnumerable(),
        ceiling = CeilingJson.Of(asked.Ceiling),
        truths = RankedTruthJson.Of(ranked),
        output = Path.GetFullPath(asked.Folder),
    };
}

/// <summary>A published win rate.</summary>
/// <param name="Operations">Operations in a branch.</param>
/// <param name="Benchmark">What it is of.</param>
/// <param name="BestRho">Spearman's rho of the best proxy.</param>
/// <param name="WinRate">The share from 0.6 on in a sample that takes all from 0.5 on first.</param>
internal sealed record PublishedWinRate(int Operations, string Benchmark, double BestRho, double WinRate);

/// <summary>What one seed gave.</summary>
/// <param name="Rates">The win rates.</param>
/// <param name="HeldOut">How the best proxy on the search set ranks the held-out set.</param>
/// <param name="Seconds">How long it took, with terms that were not in the cache.</param>
internal sealed record WinRatePart(WinRates Rates, HeldOutRanking HeldOut, double Seconds);

/// <summary>What all seeds gave for a number of operations.</summary>
/// <param name="Operations">Operations in a branch.</param>
/// <param name="IsWhole">Whether it is the whole space, or a sample.</param>
/// <param name="Parts">One for each seed.</param>
internal sealed record WinRateRow(int Operations, bool IsWhole, ImmutableArray<WinRatePart> Parts)
{
    /// <summary>Its name in the drawing, and among rankings of the best one of each.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture,
        $"{Operations} operation{(Operations == 1 ? "" : "s")}, {(IsWhole ? "the whole space" : "a sample")}");

    /// <summary>Held-out rho of the best proxy on the search set.</summary>
    public Spread HeldOutRho => Spread.Of([.. Parts.Select(part => part.HeldOut.Rho)]);

    /// <summary>A figure of the win rates.</summary>
    public Spread Of(Func<WinRates, double> figure) => Spread.Of([.. Parts.Select(part => figure(part.Rates))]);
}
