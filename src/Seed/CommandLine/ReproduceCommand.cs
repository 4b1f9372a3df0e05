using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Reproduction;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero reproduce</c></summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var (flexiBert, gpt2) = (Source("--flexibert", "tables 3 and 5 and the figures"), Source("--gpt2", "table 4"));
        var options = new ProbeOptions(configuration => configuration.Ablating, [flexiBert, gpt2]);
        var folder = new Argument<string>("dir") { Description = "folder for the tables and figures" };
        var seeds = new Option<int>("--seeds")
        {
            Description = "seeds of the searches, from --seed on", HelpName = "N", DefaultValueFactory = _ => AblateCommand.SearchSeeds,
        };
        var winRateSeeds = new Option<int>("--win-rate-seeds")
        {
            Description = "seeds of table 5", HelpName = "N", DefaultValueFactory = _ => AblateCommand.WinRateSeeds,
        };
        var populations = new Option<string>("--populations")
        {
            Description = "sizes of the population in figure 7, separated by commas; figure 6 has the first",
            HelpName = "N,N",
            DefaultValueFactory = _ => AblateCommand.Populations,
        };
        var unary = new Option<string>("--unary")
        {
            Description = "operations a branch in table 5; 2..5 are the paper's, and take hours",
            HelpName = "FROM..TO",
            DefaultValueFactory = _ => "2..2",
        };
        var sample = new Option<int>("--sample")
        {
            Description = "proxies drawn for each win rate", HelpName = "N", DefaultValueFactory = _ => AblateCommand.Sample,
        };
        var command = new DescribedCommand("reproduce",
            "Make tables 3 to 5 and figures 1, 5, 6 and 7 of the LPZero paper, ours beside the published, with its evolution " +
            "(--fitness truth --iterations 1000 --offspring 1) unless options say otherwise; cut off, it goes on.",
            "reproduce paper --flexibert flexibert:BERT_benchmark.json --gpt2 gpt2:gpt2-wt103")
        {
            WorksOnCluster = true,
        };
        command.Arguments.Add(folder);
        options.AddTo(command, seeds, winRateSeeds, populations, unary, sample);

        command.SetAction(async (parsed, interrupt) =>
        {
            var first = Read(options, parsed, flexiBert, FlexiBertSpace.SpaceName);
            var second = Read(options, parsed, gpt2, Gpt2Genotype.SpaceName);
            ImmutableArray<EvaluatedBenchmark> benchmarks = [.. new[] { first, second }.OfType<EvaluatedBenchmark>()];
            if (benchmarks.IsEmpty)
            {
                throw new UsageException("give --flexibert SOURCE, --gpt2 SOURCE or both: without them every part would be skipped");
            }

            foreach (var benchmark in benchmarks)
            {
                AblateCommand.Check(benchmark.Configuration);
            }

            var output = parsed.GetValue(folder)!;
            var asked = new ReproduceRequest(
                first, second, parsed.GetValue(flexiBert)?.FirstOrDefault(), parsed.GetValue(gpt2)?.FirstOrDefault(),
                AblateCommand.Positive("--seeds", parsed.GetValue(seeds), AblateCommand.MostSeeds),
                AblateCommand.Sizes(parsed.GetValue(populations)!),
                AblateCommand.Range(parsed.GetValue(unary)), AblateCommand.Positive("--win-rate-seeds", parsed.GetValue(winRateSeeds)),
                AblateCommand.Positive("--sample", parsed.GetValue(sample)),
                configuration => AblateCommand.OfWinRates(configuration, parsed), output, RepeatCommand.Of(parsed));
            return await KeptWork.DoAsync(
                async () =>
                {
                    await using var opened = await options.OpenAsync(parsed, benchmarks);
                    OutputFolder.Take(output, "a reproduction of the paper", goesOn: true, option: "reproduce ");
                    var display = new ExhaustiveDisplay(quiet: options.Json(parsed));
                    var made = await new ReproduceUseCase(opened.Terms, opened.ComputingThreads, display).RunAsync(asked, interrupt);
                    Print(made, output, options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    private static Option<string[]> Source(string name, string parts) =>
        new(name) { Description = $"benchmark of {parts}, left out without it: {BenchmarkSource.Forms}", HelpName = "SOURCE" };

    /// <summary>The benchmark, which is of the published set's space, or the published figures would stand beside others.</summary>
    private static EvaluatedBenchmark? Read(ProbeOptions options, ParseResult parsed, Option<string[]> source, string space) =>
        options.ReadAll(parsed, source) switch
        {
            [] => null,
            [var other] when other.Benchmark.Architectures[0].Genotype.Space is var its && its != space => throw new UsageException(
                $"{source.Name}: {other.Name} is of space {its}, and what is published of {space}; give a benchmark of space {space}"),
            [var only] => only with { Configuration = Published(only.Configuration, name => CommonOptions.IsGiven(parsed, name)) },
            _ => throw new UsageException($"{source.Name}: give one"),
        };

    /// <summary>The configuration with the paper's evolution, where neither a preset nor the options of it are given.</summary>
    /// <param name="configuration">As the options have it.</param>
    /// <param name="isGiven">Whether an option is given.</param>
    internal static SearchConfiguration Published(SearchConfiguration configuration, Func<string, bool> isGiven)
    {
        if (isGiven("--preset"))
        {
            return configuration;
        }

        var paper = SearchConfiguration.Presets["paper"];
        return configuration with
        {
            Fitness = isGiven("--fitness") ? configuration.Fitness : paper.Fitness,
            Iterations = isGiven("--iterations") ? configuration.Iterations : paper.Iterations,
            OffspringPerIteration = isGiven("--offspring") ? configuration.OffspringPerIteration : paper.OffspringPerIteration,
        };
    }

    private static void Print(PaperReproduction made, string folder, bool json)
    {
        if (json)
        {
            CommonOptions.PrintJson(made.Json(folder));
            return;
        }

        foreach (var part in made.Parts)
        {
            Console.WriteLine(part.Skipped is { } reason
                ? $"{part.Part}: skipped, {reason}"
                : $"{part.Part}: {string.Join(", ", part.Files)}");
        }

        foreach (var part in made.Published.NotRun)
        {
            Console.WriteLine($"{part.Part}: not run, {part.Reason}");
        }

        if (!made.Left.IsEmpty)
        {
            Console.WriteLine($"left by earlier reproductions, not made by this one: {string.Join(", ", made.Left)}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all of it: {Path.Combine(folder, "README.md")}"));
    }
}
