using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Ablation;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero ablate</c></summary>
internal static class AblateCommand
{
    /// <summary>Seeds of the searches, of the win rates, and of the choice of options.</summary>
    public const int SearchSeeds = 10, WinRateSeeds = 3, OptionSeeds = 5;

    /// <summary>Proxies drawn for a win rate.</summary>
    public const int Sample = 1000;

    /// <summary>The populations of the paper's figure 7, the first of them that of figure 6.</summary>
    public const string Populations = "80,100,200";

    // Chains of three operations and more are many: at this size a pass over a tensor of all of them is short.
    private const int WinRateBatch = 4, WinRateLength = 64;

    /// <summary>The most seeds, and splits or mini-batches, of a study.</summary>
    public const int MostSeeds = 1000;

    public static Command Create()
    {
        var options = new ProbeOptions(configuration => configuration.Ablating, severalBenchmarks: true);
        var output = new Option<string>("--out")
        {
            Description = "folder for finished parts and results (default: runs/ablation-KEY)", HelpName = "DIR",
        };
        var seeds = new Option<int?>("--seeds")
        {
            Description = string.Create(CultureInfo.InvariantCulture,
                $"how many seeds, from --seed on [default: {SearchSeeds}, with --unary FROM..TO {WinRateSeeds}, with --options " +
                $"{OptionSeeds}]"),
            HelpName = "N",
        };
        var populations = new Option<string>("--populations")
        {
            Description = "sizes of the population to compare, separated by commas; with and without rules is compared, and --variance " +
                "taken, at the first",
            HelpName = "N,N",
            DefaultValueFactory = _ => Populations,
        };
        var unary = new Option<string?>("--unary")
        {
            Description = "operations in a branch; FROM..TO compares win rates of several [default: 2]", HelpName = "N|FROM..TO",
        };
        var sample = new Option<int>("--sample")
        {
            Description = "proxies drawn for each win rate", HelpName = "N", DefaultValueFactory = _ => Sample,
        };
        var variance = new Option<string?>("--variance")
        {
            Description = "instead find what held-out rho depends on: so many splits x seeds of the weights x mini-batches, such as 10x5x3",
            HelpName = "NxNxN",
        };
        var file = new Option<string?>("--options")
        {
            Description = "instead choose, by nested cross-validation on the search parts of the benchmarks, which may be several, " +
                "between the search as given and those that depart from it by the options on each line of this file, and between " +
                "their answers",
            HelpName = "FILE",
        };
        var folds = new Option<int>("--folds")
        {
            Description = "folds of each search part with --options", HelpName = "N", DefaultValueFactory = _ => 5,
        };
        var command = new DescribedCommand("ablate",
            "Say what rules, evolution, population and operations are worth, over several seeds; cut off, the same command goes on.",
            "ablate --benchmark flexibert:BERT_benchmark.json --seeds 10 --out ablation")
        {
            WorksOnCluster = true,
        };
        options.AddTo(command, output, seeds, populations, unary, sample, variance, file, folds);

        command.SetAction(async (parsed, interrupt) =>
        {
            if (parsed.GetValue(file) is { } lines)
            {
                return await ChooseAsync(
                    parsed, options, lines, parsed.GetValue(output), parsed.GetValue(seeds) ?? OptionSeeds, parsed.GetValue(folds),
                    interrupt);
            }

            if (CommonOptions.IsGiven(parsed, folds.Name))
            {
                throw new UsageException("--folds has no meaning without --options FILE: give that, or leave it out");
            }

            var (benchmark, read) = options.Read(parsed);
            var range = Range(parsed.GetValue(unary));
            var cells = parsed.GetValue(variance);
            var (splits, weights, batches) = cells is null ? default : Cells(cells);
            var isOfOperations = range.Longest > range.Shortest || parsed.GetValue(unary)?.Contains("..", StringComparison.Ordinal) == true;
            if (isOfOperations && cells is not null)
            {
                throw new UsageException($"--variance and --unary {parsed.GetValue(unary)}: give one of them");
            }

            CheckMeaning(parsed, isOfOperations, isOfVariance: cells is not null);
            var configuration = read with { UnaryOperations = range.Shortest };
            if (isOfOperations)
            {
                configuration = OfWinRates(configuration, parsed);
            }

            Check(configuration);
            var count = Positive("--seeds", parsed.GetValue(seeds) ?? (isOfOperations ? WinRateSeeds : SearchSeeds), MostSeeds);
            var sizes = Sizes(parsed.GetValue(populations)!);
            configuration = cells is null ? configuration : configuration with { Population = sizes[0] };
            var drawn = Positive("--sample", parsed.GetValue(sample));
            return await KeptWork.DoAsync(
                async () =>
                {
                    await using var opened = await options.OpenAsync(parsed, benchmark, configuration);
                    var display = new ExhaustiveDisplay(quiet: options.Json(parsed));
                    var key = KeyOf(benchmark, configuration);
                    var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"ablation-{key}");
                    OutputFolder.Take(folder, $"the ablation {key}", goesOn: true);
                    var asked = new StudyRequest(
                        benchmark, configuration, folder, RepeatCommand.Of(parsed), opened.Terms, display, display.ReportLine);
                    var study = isOfOperations
                        ? await new WinRateStudy(asked, count, range.Shortest, range.Longest, drawn).RunAsync(interrupt)
                        : cells is not null
                            ? await new VarianceStudy(asked, splits, weights, batches).RunAsync(interrupt)
                            : (await new EvolutionStudy(asked, count, sizes).RunAsync(interrupt)).Study;
                    study.Write(folder);
                    Print(study, folder, options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    /// <summary>Not every option has a meaning for every study.</summary>
    private static void CheckMeaning(ParseResult parsed, bool isOfOperations, bool isOfVariance)
    {
        if (!isOfOperations && CommonOptions.IsGiven(parsed, "--sample"))
        {
            throw new UsageException("--sample has no meaning without --unary FROM..TO, such as 2..5: give that, or leave it out");
        }

        if (isOfOperations && CommonOptions.IsGiven(parsed, "--populations"))
        {
            throw new UsageException("--populations has no meaning with --unary FROM..TO, which breeds nothing: leave it out");
        }

        if (isOfVariance && CommonOptions.IsGiven(parsed, "--seeds"))
        {
            throw new UsageException("--seeds has no meaning with --variance, whose first number is that of the splits: leave it out");
        }
    }

    private static async Task<int> ChooseAsync(
        ParseResult parsed, ProbeOptions options, string lines, string? output, int seeds, int folds, CancellationToken interrupt)
    {
        if (new[] { "--populations", "--unary", "--sample", "--variance" }
            .FirstOrDefault(name => CommonOptions.IsGiven(parsed, name)) is { } other)
        {
            throw new UsageException($"{other} has no meaning with --options: give it on a line of the file");
        }

        var sets = options.ReadAll(parsed);
        var searches = SearchLines.Read("--options", lines, sets);
        Positive("--seeds", seeds, MostSeeds);
        CheckFolds(folds, seeds, sets);
        return await KeptWork.DoAsync(
            async () =>
            {
                await using var opened = await options.OpenAsync(parsed, sets);
                var display = new ExhaustiveDisplay(quiet: options.Json(parsed));
                var key = RequestKey.Of(new { sets = sets.Select(set => BenchmarkDigest.Of(set.Benchmark)), searches, folds });
                var folder = output ?? Path.Combine("runs", $"options-{key}");
                OutputFolder.Take(folder, $"the choice of options {key}", goesOn: true);
                var study = await new OptionStudy(new OptionRequest(
                    [.. sets.Select(set => new ComparedSet(set.Name, set.Benchmark))], searches, seeds, folds, opened.Threads, folder,
                    RepeatCommand.Of(parsed), opened.Terms, display, display.ReportLine)).RunAsync(interrupt);
                study.Write(folder);
                Print(study, folder, options.Json(parsed));
                opened.ReportMemory();
            },
            interrupt);
    }

    /// <summary>Every fold of every split is to be ranked, and the regressions to be fitted on what is left without it.</summary>
    private static void CheckFolds(int folds, int seeds, ImmutableArray<EvaluatedBenchmark> sets)
    {
        foreach (var set in sets)
        {
            var networks = Enumerable.Range(0, seeds).Min(seed =>
                SearchSample.Of(set.Benchmark, OptionStudy.Seeded(set.Configuration, seed)).Search.Networks.Length);
            if (folds < 2 || networks / folds < SearchConfiguration.FewestArchitectures
                || networks - (networks / folds) - 1 < SearchConfiguration.FewestNetworksOfRegression)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"--folds {folds}: give at least 2, and so few that each fold of the {networks} networks that are searched on " +
                    $"{set.Name} has {SearchConfiguration.FewestArchitectures} of them and the rest " +
                    $"{SearchConfiguration.FewestNetworksOfRegression}"));
            }
        }
    }

    /// <summary>
    /// What tells a study's folder from those of others, so that none replaces another's results: how many seeds there are is no part.
    /// </summary>
    public static string KeyOf(Benchmark benchmark, SearchConfiguration configuration) =>
        PartKey.Of("ablation", configuration, BenchmarkDigest.Of(benchmark), numericProfile: "")[..12];

    /// <summary>The configuration of win rates: with a small mini-batch, where none was given.</summary>
    public static SearchConfiguration OfWinRates(SearchConfiguration configuration, ParseResult parsed) =>
        parsed.GetResult("--batch") is null
            ? configuration with { BatchSize = WinRateBatch, SequenceLength = Math.Min(WinRateLength, configuration.SequenceLength) }
            : configuration;

    /// <summary>The fewest and the most operations of <c>N</c> or <c>FROM..TO</c>; 2 where nothing is said.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static (int Shortest, int Longest) Range(string? text)
    {
        if (text is null)
        {
            return (2, 2);
        }

        int[] ends = [.. text.Split("..").Select(Number)];
        return ends.Length is 1 or 2 && ends[0] >= 1 && ends[^1] >= ends[0] && ends[^1] <= Chain.MaximumLength
            ? (ends[0], ends[^1])
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--unary {text}: give a number from 1 to {Chain.MaximumLength}, or two of them, such as 2..5"));
    }

    /// <summary>The sizes of populations, two or more members each.</summary>
    /// <exception cref="UsageException">One is none.</exception>
    public static ImmutableArray<int> Sizes(string text)
    {
        ImmutableArray<int> sizes = [.. text.Split(',').Select(Number)];
        return sizes.All(size => size is >= 2 and <= 100_000)
            ? [.. sizes.Distinct()]
            : throw new UsageException($"--populations {text}: give numbers from 2, separated by commas");
    }

    /// <summary>What cannot be taken apart.</summary>
    /// <exception cref="UsageException">The rules are away from the start, or terms are pairs.</exception>
    public static void Check(SearchConfiguration configuration)
    {
        if (configuration.Pruning == PruningMode.None)
        {
            throw new UsageException("--pruning none: it is compared with rules anyway; give sound or paper");
        }

        if (configuration.Combine == Combination.Tensors)
        {
            throw new UsageException("--combine tensors: every pair of chains would be a term of its own; give means");
        }
    }

    /// <summary>The number, if there can be that many.</summary>
    public static int Positive(string option, int number, int most = 1_000_000) => number >= 1 && number <= most
        ? number
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} {number}: give a positive number"
            + $"{(number > 0 ? ", a smaller one" : "")}"));

    private static (int Splits, int Weights, int Batches) Cells(string text)
    {
        int[] numbers = [.. text.Split('x').Select(Number)];
        return numbers.Length == 3 && numbers.All(number => number is >= 2 and <= MostSeeds)
            ? (numbers[0], numbers[1], numbers[2])
            : throw new UsageException(
                $"--variance {text}: give splits x seeds of the weights x mini-batches, two of each at least, such as 10x5x3");
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Print(Study study, string folder, bool json)
    {
        if (json)
        {
            CommonOptions.PrintJson(study.Json);
            return;
        }

        foreach (var table in study.Tables)
        {
            FittedTable.Of(table).Write(AnsiConsole.Console);
        }

        Console.WriteLine($"results: {Path.Combine(folder, study.Name)}.md, .csv, .json"
            + (study.Figures.IsEmpty ? "" : $"; {string.Join(", ", study.Figures.Select(figure => $"{figure.Name}.svg"))}"));
    }
}
