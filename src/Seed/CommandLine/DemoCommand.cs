using System.CommandLine;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero demo</c>: the main job on the benchmark that comes with the program.</summary>
internal static class DemoCommand
{
    private const string Benchmark = "data/tiny-flexibert.json";

    public static Command Create()
    {
        var database = CommonOptions.Database();
        var (devices, json) = (new DeviceOptions(), CommonOptions.Json());
        var command = new DescribedCommand("demo",
            $"Search the benchmark that comes with the program ({Benchmark}) from its networks to a report, " +
            "in under two minutes on two cores.", "demo")
        {
            database, json,
        };
        foreach (var option in devices.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, interrupt) =>
        {
            var benchmark = BenchmarkSource.Load(Path.Combine(Root(), Benchmark));
            var options = devices.Read(parsed);
            await using var runs = new LocalRuns(parsed.GetValue(database)!, parsed);
            await runs.Database.CreateTablesAsync();
            var run = await UnusedNameAsync(runs);
            var configuration = SearchConfiguration.Presets["default"] with
            {
                SearchArchitectures = benchmark.Architectures.Length * 2 / 3,
                SequenceLength = Math.Min(SearchConfiguration.Presets["default"].SequenceLength, benchmark.Sizes.Positions),
                Shapes = benchmark.Shapes,
            };
            SearchCommands.CheckMemory(benchmark, configuration, options);
            var folder = OwnedRun.DefaultFolder(run);
            await OwnedRun.CreateAsync(runs, new StartRequest(run, configuration, benchmark), folder);
            return await OwnedRun.WorkAsync(runs, run, folder, options, parsed.GetValue(json), interrupt);
        });
        return command;
    }

    /// <summary>The folder that holds the program's data: the launcher names it, else the working directory is it.</summary>
    private static string Root() => Environment.GetEnvironmentVariable("LPZERO_ROOT") ?? ".";

    private static async Task<string> UnusedNameAsync(LocalRuns runs)
    {
        var taken = (await runs.Directory.ListAsync()).Select(run => run.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? "demo" : $"demo-{i}")
            .First(name => !taken.Contains(name) && OutputFolder.IsFree(OwnedRun.DefaultFolder(name)));
    }
}
