using System.Collections.Immutable;
using System.CommandLine;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero demo</c>: the main job on one of the benchmarks that come with the program.</summary>
internal static class DemoCommand
{
    private const string Encoder = "encoder";

    // The benchmarks by what their networks are.
    private static readonly ImmutableSortedDictionary<string, string> Benchmarks = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Encoder] = "data/tiny-flexibert.json", ["decoder"] = "data/tiny-decoder.json",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static Command Create()
    {
        var database = CommonOptions.Database();
        var space = CommonOptions.OneOf("--space", "what its networks are", [.. Benchmarks.Keys], Encoder);
        var (devices, json) = (new DeviceOptions(), CommonOptions.Json());
        var command = new DescribedCommand("demo",
            $"Search a benchmark that comes with the program ({Benchmarks[Encoder]}) from its networks to a report, " +
            "in under two minutes on two cores.", "demo")
        {
            space, database, json,
        };
        foreach (var option in devices.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, interrupt) =>
        {
            var benchmark = BenchmarkSource.Load(Path.Combine(
                Root(Environment.GetEnvironmentVariable("LPZERO_ROOT"), AppContext.BaseDirectory), Benchmarks[parsed.GetValue(space)!]));
            var options = devices.Read(parsed);
            await using var runs = new LocalRuns(parsed.GetValue(database)!, parsed);
            await runs.Database.CreateTablesAsync();
            var run = await UnusedNameAsync(runs);
            var configuration = FittedPreset.Of(SearchConfiguration.Presets["default"], benchmark);
            options = SearchCommands.FitMemory(benchmark, configuration, options);
            var folder = OwnedRun.DefaultFolder(run);
            await OwnedRun.CreateAsync(runs, new StartRequest(run, configuration, benchmark), folder);
            return await OwnedRun.WorkAsync(runs, run, folder, options, parsed.GetValue(json), interrupt);
        });
        return command;
    }

    /// <summary>
    /// The folder that holds the program's data: the launcher names it, a publish has it beside the program, else the working directory is
    /// it.
    /// </summary>
    internal static string Root(string? named, string program) =>
        named ?? (Directory.Exists(Path.Combine(program, "data")) ? program : ".");

    private static async Task<string> UnusedNameAsync(LocalRuns runs)
    {
        var taken = (await runs.Directory.ListAsync()).Select(run => run.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? "demo" : $"demo-{i}")
            .First(name => !taken.Contains(name) && OutputFolder.IsFree(OwnedRun.DefaultFolder(name)));
    }
}
