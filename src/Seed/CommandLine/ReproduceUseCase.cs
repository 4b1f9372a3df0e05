using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Ablation;
using LPZero.Seed.Reproduction;

namespace LPZero.Seed.CommandLine;

/// <summary>What of the paper is asked for.</summary>
/// <param name="FlexiBert">The benchmark of tables 3 and 5 and of the figures; null where they are skipped.</param>
/// <param name="Gpt2">The benchmark of table 4; null where it is skipped.</param>
/// <param name="FlexiBertSource">What names the first, as it was typed.</param>
/// <param name="Gpt2Source">What names the second, as it was typed.</param>
/// <param name="Seeds">Seeds of the searches.</param>
/// <param name="Populations">Sizes of the population in figure 7.</param>
/// <param name="Unary">Operations a branch in table 5, from the fewest to the most.</param>
/// <param name="WinRateSeeds">Seeds of table 5.</param>
/// <param name="Sample">Proxies drawn for each win rate.</param>
/// <param name="OfWinRates">The configuration of table 5, made of the benchmark's.</param>
/// <param name="Folder">Where everything goes.</param>
/// <param name="Command">What was typed.</param>
internal sealed record ReproduceRequest(
    EvaluatedBenchmark? FlexiBert, EvaluatedBenchmark? Gpt2, string? FlexiBertSource, string? Gpt2Source, int Seeds,
    ImmutableArray<int> Populations, (int Shortest, int Longest) Unary, int WinRateSeeds, int Sample,
    Func<SearchConfiguration, SearchConfiguration> OfWinRates, string Folder, string Command);

/// <summary>
/// Makes the paper's tables 3, 4 and 5 and its figures 1, 5, 6 and 7 of the same pieces as evaluate and ablate, ours beside the published.
/// </summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="threads">Threads that compute side by side; null where they are a cluster's.</param>
/// <param name="display">Told how far it has come.</param>
internal sealed class ReproduceUseCase(ITermCollector terms, int? threads, ExhaustiveDisplay display)
{
    private const string NotGiven = "no benchmark was given for it; give";

    // The paper's table 5.
    private const int FewestOperations = 2, MostOperations = 5;

    /// <summary>Writes all parts into the folder; what is finished is kept where it is cut off.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="interrupt">Ends it.</param>
    /// <exception cref="SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<PaperReproduction> RunAsync(ReproduceRequest asked, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var published = PublishedFigures.Read();
        var earlier = PaperReproduction.FilesIn(asked.Folder);
        var parts = new List<ReproducedPart>();
        if (asked.FlexiBert is { } flexiBert)
        {
            var source = asked.FlexiBertSource!;
            var searched = await SearchAsync(asked, published, flexiBert, source, "flexibert", interrupt);
            var table = await CompareAsync(asked, published, 3, flexiBert, source, searched, interrupt);
            var rates = Asked(
                asked, flexiBert with { Configuration = asked.OfWinRates(flexiBert.Configuration) }, source, "flexibert",
                string.Create(CultureInfo.InvariantCulture,
                    $"--unary {asked.Unary.Shortest}..{asked.Unary.Longest} --seeds {asked.WinRateSeeds} --sample {asked.Sample}"));
            var operations = await new WinRateStudy(
                rates, asked.WinRateSeeds, asked.Unary.Shortest, asked.Unary.Longest, asked.Sample)
            {
                Published = published.WinRates,
            }.RunAsync(interrupt);
            (operations with { Remarks = [published.NoteOf("table 5"), .. operations.Remarks] }).Write(rates.Folder);
            parts.AddRange(
                Part("table 3", "designed proxies, LPZero's formula and what a search finds, on FlexiBERT", [table.Name], table.Command,
                    Seeds(flexiBert, asked.Seeds)),
                Part("table 5", "operations a branch: best rho and win rate", ["flexibert/operations"], operations.Command,
                    Seeds(flexiBert, asked.WinRateSeeds), operations.Figures.Select(figure => $"flexibert/{figure.Name}.svg")),
                Drawing("figure 1", "rho of all proxies beside the published ones", table, "figure-1", seeds: null),
                Drawing("figure 5", "rank of the score against the truth", table, "figure-5", seeds: null));
            parts.AddRange(Drawings(searched, "flexibert", "", Seeds(flexiBert, asked.Seeds)));
        }
        else
        {
            parts.AddRange(new[] { "table 3", "table 5", "figure 1", "figure 5", "figure 6", "figure 7" }.Select(part =>
                new ReproducedPart(part, "on FlexiBERT", [], Skipped: $"{NotGiven} --flexibert")));
        }

        if (asked.Gpt2 is { } gpt2)
        {
            var searched = await SearchAsync(asked, published, gpt2, asked.Gpt2Source!, "gpt2", interrupt);
            var table = await CompareAsync(asked, published, 4, gpt2, asked.Gpt2Source!, searched, interrupt);
            parts.Add(Part("table 4", "the same on GPT-2", [table.Name], table.Command, Seeds(gpt2, asked.Seeds)));
            parts.Add(Drawing("figure 1", "the same on GPT-2", table, "figure-1", seeds: null));
            parts.AddRange(Drawings(searched, "gpt2", ", on GPT-2", Seeds(gpt2, asked.Seeds)));
        }
        else
        {
            parts.Add(new ReproducedPart("table 4", "on GPT-2", [], Skipped: $"{NotGiven} --gpt2"));
        }

        var made = new PaperReproduction(
            asked.Command, published with { NotRun = [.. published.NotRun, .. LeftOut(asked)] },
            [.. parts.OrderBy(part => part.Part, StringComparer.Ordinal)],
            [.. earlier.Except(PaperReproduction.FilesOf(asked.Folder, parts.SelectMany(part => part.Files)), StringComparer.Ordinal)],
            Stopwatch.GetElapsedTime(started).TotalSeconds);
        made.Write(asked.Folder);
        return made;
    }

    /// <summary>What of table 5 is left out.</summary>
    private static IEnumerable<NotRun> LeftOut(ReproduceRequest asked)
    {
        int[] left = asked.FlexiBert is null ? [] :
        [
            .. Enumerable.Range(FewestOperations, MostOperations - FewestOperations + 1)
                .Where(operations => operations < asked.Unary.Shortest || operations > asked.Unary.Longest),
        ];
        return left.Length == 0 ? [] :
        [
            new NotRun(
                $"table 5 of {string.Join(", ", left)} operations a branch",
                string.Create(CultureInfo.InvariantCulture,
                    $"it takes hours, and was not asked for; give --unary {FewestOperations}..{MostOperations}")),
        ];
    }

    private async Task<EvolutionResult> SearchAsync(
        ReproduceRequest asked, PublishedFigures published, EvaluatedBenchmark benchmark, string source, string name,
        CancellationToken interrupt)
    {
        var request = Asked(asked, benchmark, source, name, string.Create(CultureInfo.InvariantCulture,
            $"--seeds {asked.Seeds} --populations {string.Join(',', asked.Populations)}"));
        var result = await new EvolutionStudy(request, asked.Seeds, asked.Populations).RunAsync(interrupt);
        (result.Study with { Remarks = [published.NoteOf("figure 6"), published.NoteOf("figure 7"), .. result.Study.Remarks] })
            .Write(request.Folder);
        return result;
    }

    private async Task<Study> CompareAsync(
        ReproduceRequest asked, PublishedFigures published, int table, EvaluatedBenchmark benchmark, string source,
        EvolutionResult searched, CancellationToken interrupt)
    {
        var evaluation = (await new EvaluateUseCase(terms, threads, display).RunAsync(
            [benchmark], ProxyChoices.Read(["all"]), published: null, sample: null, interrupt))[0];
        var study = ComparisonStudy.Of(
            published.Tables.Single(each => each.Table == table), published.NoteOf($"table {table}"), evaluation,
            new FoundFigures(searched.HeldOutRho, searched.HeldOutTauA),
            $"lpzero evaluate --benchmark {source} --proxies all " +
            RepeatCommand.OptionsOf(benchmark.Configuration, options => options.Probing),
            hasRanks: table == 3);
        study.Write(asked.Folder);
        display.ReportLine($"table {table}: done");
        return study;
    }

    private StudyRequest Asked(ReproduceRequest asked, EvaluatedBenchmark benchmark, string source, string name, string options) => new(
        benchmark.Benchmark, benchmark.Configuration, Path.Combine(asked.Folder, name),
        $"lpzero ablate --benchmark {source} {options} " +
        RepeatCommand.OptionsOf(benchmark.Configuration, configuration => configuration.Ablating),
        terms, display, display.ReportLine);

    private static ReproducedPart Part(
        string part, string what, ImmutableArray<string> names, string command, string seeds, params IEnumerable<string> drawings) =>
        new(part, what, [.. names.SelectMany(name => new[] { $"{name}.md", $"{name}.csv" }), .. drawings], command, seeds);

    private static ReproducedPart Drawing(string part, string what, Study study, string prefix, string? seeds) => new(
        part, what,
        [
            .. study.Figures.Select(figure => figure.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => $"{name}.svg"),
        ],
        study.Command, seeds);

    private static IEnumerable<ReproducedPart> Drawings(EvolutionResult searched, string folder, string where, string seeds) =>
        searched.Study.Figures.Select(figure => new ReproducedPart(
            figure.Name.Replace('-', ' '), figure.Caption + where, [$"{folder}/{figure.Name}.svg", $"{folder}/evolution.md"],
            searched.Study.Command, seeds));

    private static string Seeds(EvaluatedBenchmark benchmark, int count) => string.Create(CultureInfo.InvariantCulture,
        $"{benchmark.Configuration.Seed} to {benchmark.Configuration.Seed + (ulong)count - 1}");
}
