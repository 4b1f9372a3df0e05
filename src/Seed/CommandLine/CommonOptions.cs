using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Database() => new("--db")
    {
        Description = "SQLite file with runs and the term cache, or a PostgreSQL connection string (Host=...;Database=...;Username=...)",
        HelpName = "DATABASE",
        DefaultValueFactory = _ => DefaultDatabase.Location,
    };

    public static Option<bool> Json() => new("--json") { Description = "print JSON with stable field names (docs/json.md)" };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "architectures computed side by side; does not change the result",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public static Option<double> Memory() => new("--memory")
    {
        Description = "gigabytes that this process may take; does not change the result",
        HelpName = "GB",
        // Half of what the machine has leaves room for the runtime, the term table and the neighbours.
        DefaultValueFactory = _ => Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2e9, 1),
    };

    public static Option<string> Evaluator() =>
        OneOf("--evaluator",
            "how terms are computed: fused (one pass over a tensor for all chains), op-by-op (through libtorch, " +
            "tensor by tensor) or segmented (through libtorch, all tensors at once; the default on CUDA)", TermEvaluators.Names,
            TermEvaluators.DefaultOnCpu);

    public static Argument<string> Run() => new("run") { Description = "the run's name" };

    /// <summary>An option with a fixed set of values.</summary>
    public static Option<string> OneOf(string name, string description, IReadOnlyList<string> values, string? standard)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', values) };
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } value && !values.Contains(value))
            {
                result.AddError($"{name} {value}: {NearestNames.Suggest(value, values)}");
            }
        });
        return option;
    }

    /// <summary>How this process works on runs.</summary>
    public static RunOptions RunOptions(int threads, double memory, string evaluator, TimeSpan? timeLimit)
    {
        CheckThreads(threads);
        if (memory is not > 0)
        {
            throw new UsageException($"--memory {memory.ToString(CultureInfo.InvariantCulture)}: give a positive number of gigabytes");
        }

        // A quarter of a thread's share is enough for an evaluator's intermediate results, and leaves the rest to inputs.
        var budget = (long)(memory * 1e9);
        return new RunOptions(threads, budget, TermEvaluators.Factory(evaluator, budget / threads / 4), timeLimit);
    }

    /// <summary>The number, if threads can be that many.</summary>
    public static int CheckThreads(int threads) => threads is >= 1 and <= 1024
        ? threads
        : throw new UsageException($"--threads {threads.ToString(CultureInfo.InvariantCulture)}: give a number from 1 to 1024");

    /// <summary>The devices that a command works with: threads of this process.</summary>
    public static DeviceThreads Devices(RunOptions options)
    {
        var devices = new DeviceThreads([.. Enumerable.Repeat("cpu", options.Threads)], options.MemoryBudget, options.CreateEvaluator);
        if (TorchBackend.Detect().Warning is { } warning)
        {
            Console.Error.WriteLine($"lpzero: warning: {warning}");
        }

        return devices;
    }

    /// <summary>Prints a value as JSON.</summary>
    public static void PrintJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, MessageJson.Indented));
}
