using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero benchmark ...</c></summary>
internal static class BenchmarkCommands
{
    public static Command Create() => new DescribedCommand(
        "benchmark", "Look at benchmarks, import public ones, and train new ones.", "benchmark show data/tiny-flexibert.json")
    {
        Show(), Import(), Train(), Space(),
    };

    private static Argument<string> Source() => new("source") { Description = BenchmarkSource.Forms };

    private static Command Show()
    {
        var source = Source();
        var truth = CommonOptions.SourceTruth();
        var json = CommonOptions.Json();
        var command = new DescribedCommand(
            "show", "Say what a benchmark holds.", "benchmark show data/tiny-flexibert.json") { source, truth, json };
        command.SetAction(parsed =>
        {
            Print(BenchmarkSource.Load(parsed.GetValue(source)!, parsed.GetValue(truth)), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Import()
    {
        var source = Source();
        var output = new Option<string>("--out")
        {
            Description = "file to write, in the program's own format", HelpName = "FILE", Required = true,
        };
        var truth = CommonOptions.SourceTruth();
        var json = CommonOptions.Json();
        var command = new DescribedCommand("import", "Write a benchmark in the program's own format.",
            "benchmark import flexibert:BERT_benchmark.json --out flexibert.json") { source, truth, output, json };
        command.SetAction(parsed =>
        {
            var benchmark = BenchmarkSource.Load(parsed.GetValue(source)!, parsed.GetValue(truth));
            new BenchmarkFile(benchmark).Write(parsed.GetValue(output)!);
            Print(benchmark, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Train()
    {
        var space = new Option<string>("--space")
        {
            Description = "file that describes the space and the training (docs/benchmarks.md)", HelpName = "FILE", Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "benchmark file to write; trained architectures are kept beside it until all are done",
            HelpName = "FILE",
            Required = true,
        };
        var threads = new Option<int>("--threads")
        {
            Description = "architectures trained side by side; does not change the result",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var json = CommonOptions.Json();
        var command = new DescribedCommand("train",
            "Train the architectures of a space and record their ground truth; run again to go on after an interruption.",
            "benchmark train --space data/tiny-space.json --out my-benchmark.json")
        {
            space, output, threads, json,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            var count = CommonOptions.CheckThreads(parsed.GetValue(threads));
            var file = await BenchmarkTraining.RunAsync(
                TrainingSpace.Load(parsed.GetValue(space)!), parsed.GetValue(output)!, count, new TrainingLines(), interrupt);
            Print(file.Benchmark, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Space()
    {
        var space = new Option<string?>("--space") { Description = "the space; all where left out", HelpName = "NAME" };
        var count = new Option<bool>("--count") { Description = "print the number of its genotypes alone" };
        var json = CommonOptions.Json();
        var command = new DescribedCommand(
            "space", "Say which search spaces there are, and how many genotypes each has.",
            "benchmark space --space flexibert --count") { space, count, json };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(space) is { } name ? [SpaceOf(name)] : SearchSpaces.Known.All.ToImmutableArray();
            if (parsed.GetValue(json))
            {
                CommonOptions.PrintJson(asked.Select(one =>
                    new { space = one.Name, genotypes = one.Count?.ToString(CultureInfo.InvariantCulture) }));
                return ExitCode.Done;
            }

            foreach (var one in asked)
            {
                var genotypes = one.Count?.ToString("N0", CultureInfo.InvariantCulture) ?? "unbounded";
                Console.WriteLine(parsed.GetValue(count) ? genotypes : $"{one.Name}: {genotypes} genotypes");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ISpace SpaceOf(string name)
    {
        try
        {
            return SearchSpaces.Known[name];
        }
        catch (FormatException error)
        {
            throw new UsageException($"--space {error.Message}");
        }
    }

    private sealed class TrainingLines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{value.Finished} of {value.Total}: {value.Genotype}, loss {value.Outcome.Loss:F4}, {value.Seconds:F1} s"));
    }

    private static void Print(Benchmark benchmark, bool json)
    {
        var networks = ArchitectureSet.Of(benchmark.Architectures, benchmark.Shapes).Networks.Length;
        var (low, high) = (benchmark.Architectures.Min(a => a.Truth), benchmark.Architectures.Max(a => a.Truth));
        var layers = benchmark.Architectures.GroupBy(a => a.Genotype.LayerCount).OrderBy(g => g.Key)
            .ToDictionary(g => g.Key, g => g.Count());
        var ceiling = NoiseCeiling.Of(benchmark, benchmark.Architectures, TruthKind.Given);
        var (probe, costs) = (ProbeCost.ProbeOf(benchmark), ProbeCost.Of(benchmark));
        if (json)
        {
            CommonOptions.PrintJson(new
            {
                name = benchmark.Name,
                metric = benchmark.Metric,
                shapes = ShapesNames.Name(benchmark.Shapes),
                architectures = benchmark.Architectures.Length,
                networks,
                truth = new { low, high },
                layers,
                tasks = benchmark.Tasks,
                failed = benchmark.Tasks is null ? null : Failed(benchmark),
                ceiling = CeilingJson.Of(ceiling),
                probe = new { batchSize = probe.BatchSize, sequenceLength = probe.SequenceLength },
                costs = costs.IsEmpty ? null : costs.ToDictionary(each => each.Place, each => CostJson(each.Cost)),
                digest = BenchmarkDigest.Of(benchmark),
            });
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{benchmark.Name}: {benchmark.Architectures.Length} architectures, " +
            $"{networks} networks in the shapes '{ShapesNames.Name(benchmark.Shapes)}'"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"truth: {benchmark.Metric}, {low:G5} to {high:G5}"));
        Console.WriteLine(
            "layers: " + string.Join(", ", layers.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Value} with {p.Key}"))));
        if (benchmark.Tasks is { } tasks)
        {
            Console.WriteLine($"tasks: {string.Join(", ", tasks.Names)}");
            if (!tasks.Failed.IsEmpty)
            {
                Console.WriteLine($"failed trainings ({string.Join(" or ", tasks.Failed)}): {string.Join(", ", Failed(benchmark))}");
            }
        }

        if (ceiling is not null)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"noise of a training: {ceiling.Noise:G3}.{TruthTables.Sentence(ceiling)}"));
        }

        Console.WriteLine($"digest: {BenchmarkDigest.Of(benchmark)}");
        if (!costs.IsEmpty)
        {
            PrintCosts(probe, costs);
        }
    }

    private static object CostJson(ProbeCost cost) => new
    {
        architecture = cost.Architecture,
        operationsForward = cost.Time.Forward,
        operationsWithGradients = cost.Time.WithGradients,
        weightsDrawn = cost.Time.Drawn,
        bytes = cost.Memory.Peak,
    };

    private static void PrintCosts(ProbeSettings probe, ImmutableArray<(string Place, ProbeCost Cost)> costs)
    {
        var table = new FittedTable(
            string.Create(CultureInfo.InvariantCulture, $"on {probe.BatchSize} x {probe.SequenceLength} tokens"), "architecture",
            "GFLOP forward", "GFLOP with gradients", "million weights drawn", "MB at most");
        foreach (var (place, cost) in costs)
        {
            table.Add(
                place, cost.Architecture, Figure(cost.Time.Forward / 1e9), Figure(cost.Time.WithGradients / 1e9),
                Figure(cost.Time.Drawn / 1e6), Figure(cost.Memory.Peak / 1e6));
        }

        table.Write(AnsiConsole.Console);

        static string Figure(double value) => value.ToString(value < 10 ? "N2" : "N0", CultureInfo.InvariantCulture);
    }

    /// <summary>The ids of the trainings that have failed.</summary>
    private static IEnumerable<string> Failed(Benchmark benchmark) =>
        benchmark.Architectures.Where(benchmark.Tasks!.HasFailed).Select(architecture => architecture.Id);
}
