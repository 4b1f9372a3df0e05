using System.CommandLine;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero demo</c>: the main job on the benchmark that comes with the program.</summary>
internal static class DemoCommand
{
    private const string Benchmark = "data/tiny-flexibert.json";

    public static Command Create()
    {
        var database = CommonOptions.Database();
        var (threads, memory, evaluator, json) = (CommonOptions.Threads(), CommonOptions.Memory(), CommonOptions.Evaluator(), CommonOptions.Json());
        var command = new DescribedCommand("demo",
            $"Search the benchmark that comes with the program ({Benchmark}) from its networks to a report, in under two minutes on two cores.", "demo")
        {
            database, threads, memory, evaluator, json, SearchVerbs.Engine,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            var benchmark = BenchmarkSource.Load(Path.Combine(Root(), Benchmark));
            var work = new Work(
                parsed.GetValue(database)!, UnusedName(new Database(parsed.GetValue(database)!)),
                CommonOptions.RunOptions(parsed.GetValue(threads), parsed.GetValue(memory), parsed.GetValue(evaluator)!, timeLimit: null),
                parsed.GetValue(json));
            var configuration = SearchConfiguration.Presets["default"] with
            {
                SearchArchitectures = benchmark.Architectures.Length * 2 / 3,
                SequenceLength = Math.Min(SearchConfiguration.Presets["default"].SequenceLength, benchmark.Sizes.Positions),
                Shapes = benchmark.Shapes,
            };
            SearchCommands.CheckMemory(benchmark, configuration, work.Options);
            if (parsed.GetValue(SearchVerbs.Engine) == "actors")
            {
                return await OwnedRun.WorkAsync(work, new LPZero.Messages.Control.StartRequest(work.Run, configuration, benchmark), interrupt);
            }

            var folder = Folder(work.Run);
            OutputFolder.Take(folder, OutputFolder.OwnerOf(work.Run, work.Database), goesOn: false);
            NewRun.Create(new Database(work.Database), work.Run, benchmark, configuration, folder);
            return await SearchCommands.WorkAsync(work, interrupt);
        });
        return command;
    }

    /// <summary>The folder that holds the program's data: the launcher names it, else the working directory is it.</summary>
    private static string Root() => Environment.GetEnvironmentVariable("LPZERO_ROOT") ?? ".";

    private static string Folder(string run) => Path.Combine("runs", run);

    private static string UnusedName(Database database)
    {
        var taken = new RunStore(database).List().Select(run => run.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? "demo" : $"demo-{i}").First(name => !taken.Contains(name) && OutputFolder.IsFree(Folder(name)));
    }
}
