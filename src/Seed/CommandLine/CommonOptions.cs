using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Whether an option stands on the command line, and does not only have its usual value.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>The same of the option of a name; false where the command has none.</summary>
    public static bool IsGiven(ParseResult parsed, string name) => parsed.GetResult(name) is OptionResult { Implicit: false };

    public static Option<string> Database() => new("--db")
    {
        Description = "SQLite file with runs and the term cache, or a PostgreSQL connection string (Host=...;Database=...;Username=...)",
        HelpName = "DATABASE",
        DefaultValueFactory = _ => DefaultDatabase.Location,
    };

    public static Argument<string> File(string description) => new("file") { Description = description };

    public static Option<bool> Force(string description) => new("--force") { Description = description };

    public static Option<bool> Json() => new("--json") { Description = "print JSON with stable field names (docs/json.md)" };

    public static Option<string> Truth() => new("--truth")
    {
        Description = "another truth of the benchmark, such as accuracy of hw-gpt, test_ppl of gpt2 or a GLUE task of flexibert; or "
            + "reliability: its tasks weighted by it",
        HelpName = "NAME",
    };

    /// <summary>The same where no configuration says how truth is made.</summary>
    public static Option<string> SourceTruth() => new("--truth")
    {
        Description = "another truth of the benchmark, such as accuracy of hw-gpt, test_ppl of gpt2 or a GLUE task of flexibert "
            + "[default: the benchmark's own]",
        HelpName = "NAME",
    };

    public static Argument<string> Run() => new("run") { Description = "the run's name" };

    /// <summary>An option with a fixed set of values.</summary>
    public static Option<string> OneOf(string name, string description, IReadOnlyList<string> values, string? standard)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', values) };
        option.CompletionSources.Add([.. values]);
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

    /// <summary>The number, if threads can be that many.</summary>
    public static int CheckThreads(int threads) => threads is >= 1 and <= 1024
        ? threads
        : throw new UsageException($"--threads {threads.ToString(CultureInfo.InvariantCulture)}: give a number from 1 to 1024");

    /// <summary>The devices that a command works with: threads of this process.</summary>
    /// <exception cref="UsageException">They do not compute the same bits.</exception>
    public static DeviceThreads Devices(RunOptions options)
    {
        DeviceThreads devices;
        try
        {
            devices = new DeviceThreads(options.Devices, options.MemoryBudget, options.CreateEvaluator);
        }
        catch (InvalidOperationException differ)
        {
            throw new UsageException($"--devices {string.Join(',', options.Devices)}: {differ.Message}");
        }

        if (TorchBackend.Detect().Warning is { } warning)
        {
            Console.Error.WriteLine($"lpzero: warning: {warning}");
        }

        return devices;
    }

    /// <summary>Prints a value as a JSON document.</summary>
    public static void PrintWritten(string file) => Console.Out.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"written: {file} ({new FileInfo(file).Length / 1e6:N1} MB)"));

    public static void PrintJson<T>(T value) => Console.Out.WriteLine(JsonDocuments.Text(value, MessageJson.Indented));
}
