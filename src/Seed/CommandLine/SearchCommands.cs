using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Run;
using LPZero.GpuNode;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search ...</c></summary>
internal static class SearchCommands
{
    public static Command Create() => new DescribedCommand("search", "Search for zero-cost proxies.", "search start --benchmark data/tiny-flexibert.json --name first")
    {
        Start(), List(), Status(), Watch(), Pause(), Resume(), Stop(), ShowCommand.Create(), ExhaustiveCommand.Create(), ChooseCommand.Create(), ExportCommand.Create(), Events(), Nodes(),
    };

    private static Command Start()
    {
        var options = new SearchOptions();
        var benchmark = new Option<string>("--benchmark") { Description = "flexibert:PATH for the public form, or a file of our own", HelpName = "SOURCE", Required = true };
        var name = new Option<string>("--name") { Description = "the run's name", HelpName = "NAME", Required = true };
        var output = new Option<string>("--out") { Description = "folder for hall of fame and report (default: runs/NAME)", HelpName = "DIR" };
        var detach = new Option<bool>("--detach") { Description = "leave the run working in the background" };
        var timeLimit = new Option<double?>("--time-limit") { Description = "stop after so many seconds", HelpName = "SECONDS" };
        var database = CommonOptions.Database();
        var (threads, memory, evaluator, json) = (CommonOptions.Threads(), CommonOptions.Memory(), CommonOptions.Evaluator(), CommonOptions.Json());
        var command = new DescribedCommand("start", "Start a search and work on it until it is done.",
            "search start --benchmark flexibert:BERT_benchmark.json --preset default --name first --seed 42")
        {
            benchmark, name, output, detach, timeLimit, database, threads, memory, evaluator, json,
        };
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, interrupt) =>
        {
            var run = CheckName(parsed.GetValue(name)!);
            var loaded = BenchmarkSource.Load(parsed.GetValue(benchmark)!);
            var configuration = options.Read(parsed, loaded);
            using var remote = RemoteSearch.Of(parsed);
            if (remote is not null)
            {
                return await remote.StartAsync(new StartRequest(run, configuration, loaded, BenchmarkDigest.Of(loaded)), parsed.GetValue(detach), interrupt);
            }

            var work = new Work(
                parsed.GetValue(database)!, run,
                CommonOptions.RunOptions(parsed.GetValue(threads), parsed.GetValue(memory), parsed.GetValue(evaluator)!, Seconds(parsed.GetValue(timeLimit))),
                parsed.GetValue(json));
            CheckMemory(loaded, configuration, work.Options);
            NewRun.Create(new Database(work.Database), run, loaded, configuration, parsed.GetValue(output) ?? Path.Combine("runs", run));
            if (parsed.GetValue(detach))
            {
                return Detach(work, ["--threads", Text(parsed.GetValue(threads)), "--memory", Text(parsed.GetValue(memory)), "--evaluator", parsed.GetValue(evaluator)!]);
            }

            return await WorkAsync(work, interrupt);
        });
        return command;
    }

    private static Command Resume()
    {
        var run = CommonOptions.Run();
        var detach = new Option<bool>("--detach") { Description = "leave the run working in the background" };
        var timeLimit = new Option<double?>("--time-limit") { Description = "stop after so many seconds", HelpName = "SECONDS" };
        var database = CommonOptions.Database();
        var (threads, memory, evaluator, json) = (CommonOptions.Threads(), CommonOptions.Memory(), CommonOptions.Evaluator(), CommonOptions.Json());
        var command = new DescribedCommand("resume", "Go on with a run that was paused, interrupted or killed.", "search resume first")
        {
            run, detach, timeLimit, database, threads, memory, evaluator, json,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            if (remote is not null)
            {
                return await remote.ControlAsync("resume", parsed.GetValue(run)!, interrupt);
            }

            var work = new Work(
                parsed.GetValue(database)!, parsed.GetValue(run)!,
                CommonOptions.RunOptions(parsed.GetValue(threads), parsed.GetValue(memory), parsed.GetValue(evaluator)!, Seconds(parsed.GetValue(timeLimit))),
                parsed.GetValue(json));
            var record = new RunStore(CommonOptions.Existing(work.Database)).Get(work.Run);
            if (record.Phase == SearchPhase.Finished && record.Report is not null)
            {
                return RunSummary.Print(work.Database, work.Run, work.Json);
            }

            return parsed.GetValue(detach)
                ? Detach(work, ["--threads", Text(parsed.GetValue(threads)), "--memory", Text(parsed.GetValue(memory)), "--evaluator", parsed.GetValue(evaluator)!])
                : await WorkAsync(work, interrupt);
        });
        return command;
    }

    private static Command List()
    {
        var database = CommonOptions.Database();
        var json = CommonOptions.Json();
        var command = new DescribedCommand("list", "List the runs of a database.", "search list") { database, json };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            if (remote is not null)
            {
                return await remote.ListAsync(interrupt);
            }

            var file = CommonOptions.Existing(parsed.GetValue(database)!);
            RunSummary.PrintList(file, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Status() => OnRun("status", "Say where a run stands.", (database, run, json) =>
    {
        RunSummary.PrintStatus(database, run, json);
        return ExitCode.Done;
    });

    private static Command Pause() => OnRun("pause", "Pause a run that another process works on.", (database, run, json) => Send(database, run, RunCommand.Pause, json));

    private static Command Stop() => OnRun("stop", "End a run for good; what it has found stays.", (database, run, json) => Send(database, run, RunCommand.Stop, json));

    private static Command Watch()
    {
        var run = CommonOptions.Run();
        var database = CommonOptions.Database();
        var json = CommonOptions.Json();
        var command = new DescribedCommand("watch", "Follow a run that another process works on, until it ends.", "search watch first") { run, database, json };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            if (remote is not null)
            {
                return await remote.WatchAsync(parsed.GetValue(run)!, interrupt);
            }

            await RunSummary.WatchAsync(CommonOptions.Existing(parsed.GetValue(database)!), parsed.GetValue(run)!, parsed.GetValue(json), interrupt);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command OnRun(string verb, string description, Func<Database, string, bool, int> action)
    {
        var run = CommonOptions.Run();
        var database = CommonOptions.Database();
        var json = CommonOptions.Json();
        var command = new DescribedCommand(verb, description, $"search {verb} first") { run, database, json };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            return remote switch
            {
                null => action(CommonOptions.Existing(parsed.GetValue(database)!), parsed.GetValue(run)!, parsed.GetValue(json)),
                _ when verb == "status" => await remote.StatusAsync(parsed.GetValue(run)!, interrupt),
                _ => await remote.ControlAsync(verb, parsed.GetValue(run)!, interrupt),
            };
        });
        return command;
    }

    private static Command Nodes()
    {
        var json = CommonOptions.Json();
        var command = new DescribedCommand("nodes", "List the nodes of a cluster and what they have computed (with --connect).", "--connect 127.0.0.1:4054 search nodes") { json };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed) ?? throw new UsageException("search nodes: name a coordinator node with --connect HOST:PORT");
            return await remote.NodesAsync(interrupt);
        });
        return command;
    }

    private static Command Events()
    {
        var run = CommonOptions.Run();
        var database = CommonOptions.Database();
        var command = new DescribedCommand("events", "Print what happened in a run, one JSON text a line.", "search events first") { run, database };
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            if (remote is not null)
            {
                return await remote.EventsAsync(parsed.GetValue(run)!, interrupt);
            }

            var runs = new RunStore(CommonOptions.Existing(parsed.GetValue(database)!));
            foreach (var happened in runs.Events(runs.Get(parsed.GetValue(run)!).Name))
            {
                Console.WriteLine(JsonSerializer.Serialize(happened, MessageJson.Options));
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Works on a run in this process and prints what came of it.</summary>
    public static async Task<int> WorkAsync(Work work, CancellationToken interrupt)
    {
        var database = new Database(work.Database);
        SearchState state;
        await using (var display = new ProgressDisplay(new RunStore(database).Get(work.Run), quiet: work.Json))
        await using (var run = new EmbeddedRun(database, work.Run, work.Options, display))
        {
            state = await run.RunAsync(interrupt);
        }

        if (state.Phase == SearchPhase.Paused)
        {
            await Console.Error.WriteLineAsync($"paused; go on with: lpzero search resume {work.Run}{DatabaseHint(work.Database)}");
            return interrupt.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
        }

        return RunSummary.Print(work.Database, work.Run, work.Json);
    }

    /// <summary>A batch that does not fit is said before the run exists or memory is allocated.</summary>
    public static void CheckMemory(Benchmark benchmark, SearchConfiguration configuration, RunOptions options)
    {
        var evaluator = options.CreateEvaluator();
        var probe = new ProbeSettings(configuration.BatchSize, configuration.SequenceLength, configuration.Seed, configuration.Weights, benchmark.Sizes);
        foreach (var network in benchmark.Architectures.Select(a => a.Genotype.Resolve(configuration.Shapes ?? benchmark.Shapes)).Distinct())
        {
            MemoryBudget.Check(new ProbedNetwork(network, probe), evaluator, options.MemoryBudget / options.Threads);
        }
    }

    private static int Detach(Work work, IEnumerable<string> options)
    {
        var output = new RunStore(new Database(work.Database)).Get(work.Run).Output;
        Directory.CreateDirectory(output);
        var log = Path.Combine(output, "log.txt");
        // A session of its own, so that closing the terminal or Ctrl-C in it does not reach the run.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, UseShellExecute = false };
        string[] arguments = ["--fork", "sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "lpzero", log, .. ProgramItself(), "search", "resume", work.Run, "--db", work.Database, .. options];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new IOException("the background process could not be started");
        process.StandardInput.Close();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"the background process could not be started (exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)})");
        }

        if (work.Json)
        {
            CommonOptions.PrintJson(new { run = work.Run, detached = true, log });
        }
        else
        {
            Console.WriteLine($"run '{work.Run}' goes on in the background; follow it with: lpzero search watch {work.Run}{DatabaseHint(work.Database)}");
        }

        return ExitCode.Done;
    }

    /// <summary>What starts this program: its own executable, or the runtime with its assembly.</summary>
    private static string[] ProgramItself()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? [process, Path.Combine(AppContext.BaseDirectory, "lpzero.dll")]
            : [process];
    }

    private static int Send(Database database, string run, RunCommand command, bool json)
    {
        var control = new RunControl(database);
        var record = new RunStore(database).Get(run);
        if (!control.IsOwned(run))
        {
            throw new StorageException($"no process works on run '{run}' ({RunSummary.StateName(record.Phase, owned: false)}): {(record.Phase is SearchPhase.Finished or SearchPhase.Stopped ? "it has ended" : $"go on with lpzero search resume {run}")}");
        }

        control.Send(run, command);
        if (json)
        {
            CommonOptions.PrintJson(new { run, sent = command.ToString().ToLowerInvariant() });
        }
        else
        {
            Console.WriteLine($"asked run '{run}' to {command.ToString().ToLowerInvariant()}");
        }

        return ExitCode.Done;
    }

    private static string CheckName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] is not ('-' or '.')
            ? name
            : throw new UsageException($"--name '{name}': use letters, digits, '-', '_' and '.', not first '-' or '.'");

    private static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null => null,
        > 0 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new UsageException($"--time-limit {Text(seconds.Value)}: give a positive number of seconds"),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string DatabaseHint(string database) => database == CommonOptions.Database().DefaultValueFactory!(null!) ? "" : $" --db {database}";
}

/// <summary>Which run a command works on, and how.</summary>
/// <param name="Database">The database file.</param>
/// <param name="Run">The run's name.</param>
/// <param name="Options">How this process works.</param>
/// <param name="Json">Whether to print JSON.</param>
internal sealed record Work(string Database, string Run, RunOptions Options, bool Json);
