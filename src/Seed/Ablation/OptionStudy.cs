using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.Ablation;

/// <summary>A set that searches are compared on.</summary>
/// <param name="Name">What it is called, different from the others.</param>
/// <param name="Benchmark">The set.</param>
internal sealed record ComparedSet(string Name, Benchmark Benchmark);

/// <summary>What is asked of <see cref="OptionStudy"/>, and who works for it.</summary>
/// <param name="Sets">The sets.</param>
/// <param name="Searches">The searches to compare.</param>
/// <param name="Seeds">How many splits of each set, from the configuration's seed on.</param>
/// <param name="Folds">Folds of each search set.</param>
/// <param name="Threads">Folds that are searched side by side.</param>
/// <param name="Folder">Where the finished parts are kept.</param>
/// <param name="Command">What to type to do the same again.</param>
/// <param name="Terms">Who computes terms.</param>
/// <param name="Progress">Told how far terms have come; null where nobody wants to know.</param>
/// <param name="Say">Told in a line what is done.</param>
internal sealed record OptionRequest(
    ImmutableArray<ComparedSet> Sets, ImmutableArray<ComparedSearch> Searches, int Seeds, int Folds, int Threads, string Folder,
    string Command, ITermCollector Terms, IProgress<TermProgress>? Progress, Action<string> Say);

/// <summary>
/// Chooses how to search, and what to answer, by nested cross-validation by network on the search parts of several sets: each search, which
/// chooses among proxies and fits regressions by itself, runs without one fold and is judged on that fold. What a split holds out is never
/// looked at.
/// </summary>
/// <param name="asked">What it is of.</param>
internal sealed class OptionStudy(OptionRequest asked)
{
    private readonly FinishedParts<ImmutableArray<FoldOutcome>> parts = new(Path.Combine(asked.Folder, "options-parts.json"));

    /// <summary>Searches every fold with all options, as far as that is not done.</summary>
    /// <param name="interrupt">Ends it; finished searches are kept.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<Study> RunAsync(CancellationToken interrupt)
    {
        // [set][search][seed] and, of structure, [set][name][seed]: means over the folds.
        var outcomes = asked.Sets.Select(_ => asked.Searches.Select(_ => new List<ImmutableArray<FoldOutcome>>()).ToList()).ToList();
        var structure = asked.Sets.Select(_ => new SortedDictionary<string, List<double>>(StringComparer.Ordinal)).ToList();
        var (done, all, started) = (0, asked.Sets.Length * asked.Seeds * asked.Searches.Length, Stopwatch.GetTimestamp());
        var visited = 0;
        foreach (var (place, set) in asked.Sets.Index())
        {
            for (var seed = 0; seed < asked.Seeds; seed++)
            {
                var before = done;
                foreach (var (index, search) in asked.Searches.Index())
                {
                    var configuration = Seeded(search.Configurations[place], seed);
                    var terms = await SplitTerms.OpenAsync(set.Benchmark, configuration, asked.Terms, asked.Progress, interrupt);
                    var folds = NetworkFolds.Split(terms.Sample.Search, asked.Folds, configuration.SplitSeed ?? configuration.Seed);
                    if (index == 0)
                    {
                        await Task.Run(() => RankByStructure(set, configuration, folds, structure[place]), interrupt);
                    }

                    var key = PartKey.Of(
                        string.Create(CultureInfo.InvariantCulture, $"{asked.Folds} folds"), configuration,
                        BenchmarkDigest.Of(set.Benchmark), terms.NumericProfile);
                    outcomes[place][index].Add(await parts.GetOrAddAsync(key, () =>
                    {
                        done++;
                        return SearchAsync(terms, configuration, folds, interrupt);
                    }));
                    visited++;
                }

                asked.Say(string.Create(CultureInfo.InvariantCulture, $"{set.Name}: split {seed + 1} of {asked.Seeds}") + (done == before
                    ? " before"
                    : $" ({StudyText.Pace(done, all - visited, Stopwatch.GetElapsedTime(started).TotalSeconds)})"));
            }
        }

        return Of(outcomes, structure);
    }

    private async Task<ImmutableArray<FoldOutcome>> SearchAsync(
        SplitTerms terms, SearchConfiguration configuration, ImmutableArray<NetworkFold> folds, CancellationToken interrupt)
    {
        await CachedSearch.EnsureSpaceAsync(terms, asked.Progress, interrupt);

        // A table takes in terms for one search at a time; where all are known, it is only read.
        var isKnown = CachedSearch.IsEnsured(configuration);
        var outcomes = new FoldOutcome[folds.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, folds.Length),
            new ParallelOptions { MaxDegreeOfParallelism = isKnown ? asked.Threads : 1, CancellationToken = interrupt },
            async (fold, token) => outcomes[fold] =
                await Task.Run(() => FoldSearch.RunAsync(terms, configuration, folds[fold], asked.Progress, token), token));
        return [.. outcomes];
    }

    private static void RankByStructure(
        ComparedSet set, SearchConfiguration configuration, ImmutableArray<NetworkFold> folds,
        SortedDictionary<string, List<double>> rhos)
    {
        var structures = new StructuralBaselines(set.Benchmark, configuration.SequenceLength);
        var ofFolds = folds.SelectMany(fold =>
            BaselineRanking.AllOf(new FittedStructure(structures, fold.Training, configuration.Seed), fold.Test)
                .Select(ranking => (ranking.Name, Rho: FoldSearch.RhoOn(fold.Test, ranking.HeldOut))));
        foreach (var ranking in ofFolds.GroupBy(of => of.Name, of => of.Rho))
        {
            rhos.TryAdd(ranking.Key, []);
            rhos[ranking.Key].Add(ranking.Average());
        }
    }

    /// <summary>The configuration of one of the splits.</summary>
    public static SearchConfiguration Seeded(SearchConfiguration configuration, int seed) => configuration with
    {
        Seed = configuration.Seed + (ulong)seed,
        SplitSeed = configuration.SplitSeed + (ulong)seed,
    };

    private Study Of(
        List<List<List<ImmutableArray<FoldOutcome>>>> outcomes, List<SortedDictionary<string, List<double>>> structure)
    {
        var searches = Choice.Among([
            .. asked.Searches.Select((search, index) => new ComparedRanking(
                search.Name, OnEachSet(index, fold => fold.Answers[AnswerRule.Proxy]))),
        ]);
        var answers = Choice.Among([
            .. Enum.GetValues<AnswerRule>().Select(rule => new ComparedRanking(
                AnswerRules.Name(rule), OnEachSet(searches.Chosen, fold => fold.Answers[rule]))),
        ]);
        var seconds = outcomes.SelectMany(set => set).SelectMany(search => search).SelectMany(folds => folds).Sum(fold => fold.Seconds);
        return new Study(
            "options", "How to search, and what to answer", asked.Command,
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{string.Join(", ", asked.Sets.Select(set => set.Name))}: {asked.Seeds} splits of each, from seed " +
                    $"{asked.Searches[0].Configurations[0].Seed} on, and {asked.Folds} folds of each search set, by network; the " +
                    $"searches took {Figures.Duration(seconds)} in all, one after the other. What a split holds out took no part."),
                "Rho is that of the fold that the search did not see: its mean over the folds of a split, and mean ± standard deviation " +
                "of that over the splits. The search is chosen by its best proxy, behind its --prefix where it has one, then the answer " +
                "among those of that search: the highest mean over the sets of Fisher's z = atanh(rho), of equal ones the first. Minus " +
                "the chosen: of the same splits.",
            ],
            [
                Table("Searches, by their best proxy", "search", searches, structure: []),
                Table("Answers of the chosen search, and rankings that need no network", "answer", answers, structure),
            ],
            [],
            ["set", "search", "split", "fold", "best", .. AnswerRules.All],
            [.. Rows(outcomes)],
            Json(searches, answers, structure, seconds));

        ImmutableArray<ImmutableArray<double>> OnEachSet(int search, Func<FoldOutcome, double> rho) =>
            [.. outcomes.Select(set => set[search].Select(folds => folds.Average(rho)).ToImmutableArray())];
    }

    private IEnumerable<ImmutableArray<object?>> Rows(List<List<List<ImmutableArray<FoldOutcome>>>> outcomes) =>
        from set in asked.Sets.Index()
        from search in asked.Searches.Index()
        from split in Enumerable.Range(0, asked.Seeds)
        from fold in outcomes[set.Index][search.Index][split].Index()
        select ImmutableArray.CreateRange<object?>(
        [
            set.Item.Name, search.Item.Name, split, fold.Index, fold.Item.Best, .. fold.Item.Answers.Values.Select(rho => (object?)rho),
        ]);

    private ReportTable Table(string title, string of, Choice choice, List<SortedDictionary<string, List<double>>> structure)
    {
        var names = structure.Count == 0 ? [] : structure.SelectMany(set => set.Keys).Distinct().ToList();
        return new ReportTable(
            title, "",
            [
                new Column(of, CellKind.Text),
                .. asked.Sets.SelectMany(set => new[]
                {
                    new Column($"{set.Name}: rho", CellKind.Number), new Column("minus the chosen", CellKind.Number),
                }),
                new Column("mean z", CellKind.Number),
            ],
            [
                .. choice.Rankings.Select((ranking, index) => ImmutableArray.CreateRange<Cell>(
                [
                    index == choice.Chosen ? $"{ranking.Name} (chosen)" : ranking.Name,
                    .. asked.Sets.SelectMany((_, set) => new Cell[]
                    {
                        StudyText.Correlation(Spread.Of(ranking.Rhos[set])),
                        index == choice.Chosen ? "" : Difference(choice.MinusChosen(index, set)),
                    }),
                    Figures.Correlation(ranking.MeanZ),
                ])),
                .. names.Select(name => ImmutableArray.CreateRange<Cell>(
                [
                    name,
                    .. structure.SelectMany((set, place) => set.TryGetValue(name, out var rhos)
                        ? new Cell[]
                        {
                            StudyText.Correlation(Spread.Of(rhos)), Difference(choice.MinusChosen([.. rhos], place)),
                        }
                        : ["", ""]),
                    "",
                ])),
            ]);
    }

    private static string Difference(Spread spread) => double.IsNaN(spread.Deviation)
        ? Figures.Difference(spread.Mean)
        : $"{Figures.Difference(spread.Mean)} ± {Figures.Correlation(spread.Deviation)}";

    private object Json(Choice searches, Choice answers, List<SortedDictionary<string, List<double>>> structure, double seconds) => new
    {
        study = "options",
        command = asked.Command,
        sets = asked.Sets.Select(set => new { benchmark = set.Name, benchmarkDigest = BenchmarkDigest.Of(set.Benchmark) }),
        configuration = asked.Searches[0].Configurations[0],
        seeds = Enumerable.Range(0, asked.Seeds).Select(seed => asked.Searches[0].Configurations[0].Seed + (ulong)seed),
        folds = asked.Folds,
        searches = Json(searches),
        answers = Json(answers),
        structure = structure.SelectMany((set, place) => set.Select(of => new
        {
            name = of.Key,
            benchmark = asked.Sets[place].Name,
            rho = StudyText.Json(Spread.Of(of.Value)),
            minusChosen = StudyText.Json(answers.MinusChosen([.. of.Value], place)),
        })),
        seconds,
        output = Path.GetFullPath(asked.Folder),
    };

    private IEnumerable<object> Json(Choice choice) => choice.Rankings.Select((ranking, index) => new
    {
        name = ranking.Name,
        chosen = index == choice.Chosen,
        meanZ = Finite(ranking.MeanZ),
        sets = asked.Sets.Select((set, place) => new
        {
            benchmark = set.Name,
            rho = StudyText.Json(Spread.Of(ranking.Rhos[place])),
            minusChosen = StudyText.Json(choice.MinusChosen(index, place)),
        }),
    });
}
