using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Devices;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Embedded;
using LPZero.Seed.Export;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search ...</c>, made from <see cref="SearchVerbs"/>.</summary>
internal static class SearchCommands
{
    /// <summary>What each verb of the table does on one machine.</summary>
    private static readonly ImmutableDictionary<string, Func<ParseResult, CancellationToken, Task<int>>> Local =
        new Dictionary<string, Func<ParseResult, CancellationToken, Task<int>>>
        {
            ["start"] = StartAsync,
            ["list"] = (parsed, _) => Done(() => RunSummary.PrintList(ExistingOrNone(parsed), Json(parsed))),
            ["status"] = (parsed, _) => Done(() => RunSummary.PrintStatus(Existing(parsed), Run(parsed), Json(parsed) ? MessageJson.Indented : null)),
            ["watch"] = WatchAsync,
            ["pause"] = (parsed, _) => Done(() => Send(Existing(parsed), Run(parsed), RunCommand.Pause, Json(parsed))),
            ["resume"] = ResumeAsync,
            ["stop"] = (parsed, _) => Done(() => Send(Existing(parsed), Run(parsed), RunCommand.Stop, Json(parsed))),
            ["show"] = (parsed, _) => Task.FromResult(RunSummary.Print(parsed.GetValue(SearchVerbs.Database)!, Run(parsed), Json(parsed))),
            ["export"] = (parsed, _) => Done(() => Export(parsed)),
            ["events"] = (parsed, _) => Done(() => PrintEvents(Existing(parsed), Run(parsed))),
            ["benchmark list"] = (parsed, _) => Done(() => BenchmarkTable.Print(ExistingOrNone(parsed) is { } database ? StoredBenchmarks.List(database) : [], Json(parsed))),
            ["nodes"] = (_, _) => throw new UsageException("search nodes: name a coordinator node with --connect HOST:PORT"),
        }.ToImmutableDictionary();

    public static Command Create()
    {
        var search = new DescribedCommand("search", "Search for zero-cost proxies.", "search start --benchmark data/tiny-flexibert.json --name first");
        foreach (var verb in SearchVerbs.All)
        {
            var words = verb.Name.Split(' ');
            Group(search, words[..^1]).Subcommands.Add(Command(verb, words[^1]));
        }

        search.Subcommands.Add(ExhaustiveCommand.Create());
        search.Subcommands.Add(ChooseCommand.Create());
        return search;
    }

    private static Command Group(Command parent, IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var group = parent.Subcommands.FirstOrDefault(command => command.Name == word);
            if (group is null)
            {
                group = new Command(word, $"Commands about {word}s that are stored.");
                parent.Subcommands.Add(group);
            }

            parent = group;
        }

        return parent;
    }

    private static DescribedCommand Command(SearchVerb verb, string word)
    {
        var command = new DescribedCommand(word, verb.Help, verb.Example) { WorksOnCluster = true };
        if (verb.Alias is { } alias)
        {
            command.Aliases.Add(alias);
        }

        foreach (var symbol in verb.Arguments.Concat(verb.LocalOptions))
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
            }
        }

        var local = Local[verb.Name];
        command.SetAction(async (parsed, interrupt) =>
        {
            if (parsed.GetValue(HttpSearchService.Connect) is not { } address)
            {
                return await local(parsed, interrupt);
            }

            if (verb.LocalOptions.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } senseless)
            {
                throw new UsageException($"{senseless.Name} has no meaning with --connect");
            }

            using var service = new HttpSearchService(address);
            return await new ClusterVerbs(service, Console.Out, AnsiConsole.Console, (word, run) => CommandHint.Remote(address, $"{word} {run}")).RunAsync(verb.Name, parsed, interrupt);
        });
        return command;
    }

    private static async Task<int> StartAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var run = NewRunName(parsed);
        var work = WorkOn(parsed, run);
        var source = parsed.GetValue(SearchVerbs.Benchmark)!;
        var loaded = source.StartsWith(SearchVerbs.StoredBenchmark, StringComparison.Ordinal)
            ? StoredBenchmarks.Load(Existing(parsed), source[SearchVerbs.StoredBenchmark.Length..])
            : BenchmarkSource.Load(source);
        var configuration = SearchVerbs.Configuration.Read(parsed, loaded);
        CheckMemory(loaded, configuration, work.Options);
        if (parsed.GetValue(SearchVerbs.Engine) == "actors")
        {
            return await OwnedRun.WorkAsync(work, new LPZero.Messages.Control.StartRequest(run, configuration, loaded), interrupt);
        }

        var folder = parsed.GetValue(SearchVerbs.RunFolder) ?? Path.Combine("runs", run);
        if (File.Exists(work.Database))
        {
            new RunStore(new Database(work.Database)).CheckFree(run);
        }

        // Before the run exists: a folder that cannot be written to would leave a run that cannot go on.
        OutputFolder.Take(folder, OutputFolder.OwnerOf(run, work.Database), goesOn: false);
        NewRun.Create(new Database(work.Database), run, loaded, configuration, folder);
        return parsed.GetValue(SearchVerbs.Detach) ? Detach(work, parsed) : await WorkAsync(work, interrupt);
    }

    private static async Task<int> ResumeAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var work = WorkOn(parsed, Run(parsed));
        if (parsed.GetValue(SearchVerbs.Engine) == "actors")
        {
            return await OwnedRun.WorkAsync(work, start: null, interrupt);
        }

        var record = new RunStore(CommonOptions.Existing(work.Database)).Get(work.Run);
        if (record.Phase == SearchPhase.Finished && record.Report is not null)
        {
            return RunSummary.Print(work.Database, work.Run, work.Json);
        }

        if (record.Configuration.Problems() is [var problem, ..])
        {
            throw new StorageException($"run '{work.Run}' cannot go on: its {problem}");
        }

        CheckMemory(BenchmarkFile.Parse(record.Benchmark, $"run {work.Run}").Benchmark, record.Configuration, work.Options);
        return parsed.GetValue(SearchVerbs.Detach) ? Detach(work, parsed) : await WorkAsync(work, interrupt);
    }

    private static async Task<int> WatchAsync(ParseResult parsed, CancellationToken interrupt)
    {
        await RunSummary.WatchAsync(Existing(parsed), Run(parsed), Json(parsed), interrupt);
        return ExitCode.Done;
    }

    private static void Export(ParseResult parsed)
    {
        var (run, state, _) = RunSummary.Load(Existing(parsed), Run(parsed));
        var report = run.Report is null ? null : ReportData.FromJson(run.Report);
        var text = ExportText.Render(
            run.Name, ExportedProxies.Of(run.Configuration, state, report), parsed.GetValue(SearchVerbs.Format)!, parsed.GetValue(SearchVerbs.Rank));
        if (parsed.GetValue(SearchVerbs.ExportFile) is { } file)
        {
            AtomicFile.Write(file, text);
        }
        else
        {
            Console.Out.Write(text);
        }
    }

    private static void PrintEvents(Database database, string run)
    {
        var runs = new RunStore(database);
        foreach (var happened in runs.Events(runs.Get(run).Name))
        {
            Console.WriteLine(JsonSerializer.Serialize(happened, MessageJson.Options));
        }
    }

    /// <summary>The name that a run is to be started under.</summary>
    public static string NewRunName(ParseResult parsed)
    {
        var name = parsed.GetValue(SearchVerbs.Name)!;
        return RunName.IsValid(name) ? name : throw new UsageException($"--name '{name}': use {RunName.Rule}");
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

        if (state.Phase == SearchPhase.Paused || new RunStore(database).Get(work.Run).Report is null)
        {
            SayWhatIsLeft(database, work.Run, state.Phase);
            return interrupt.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
        }

        var code = RunSummary.Print(work.Database, work.Run, work.Json);
        PeakMemory.Report(work.Options);
        return code;
    }

    private static void SayWhatIsLeft(Database database, string run, SearchPhase phase)
    {
        var what = phase == SearchPhase.Paused ? "paused" : "the search has ended, and the held-out set is not scored yet";
        Console.Error.WriteLine($"{what}; go on with: {database.Hint($"resume {run}")}");
    }

    /// <summary>A batch that does not fit beside what the program itself takes is said before the run exists or anything is computed.</summary>
    public static void CheckMemory(Benchmark benchmark, SearchConfiguration configuration, RunOptions options)
    {
        var evaluator = options.CreateEvaluator();
        var probe = configuration.Probe(benchmark.Sizes);
        var networks = benchmark.Architectures.Select(a => a.Genotype.Resolve(configuration.ShapesOn(benchmark))).Distinct();
        var needed = networks.Max(network => MemoryBudget.Needed(MemoryBudget.Check(new ProbedNetwork(network, probe), evaluator, options.MemoryBudget), evaluator));

        // The libraries are the most of what the program itself takes.
        _ = TorchStartup.Check("cpu");
        var itself = Environment.WorkingSet;
        var left = options.MemoryBudget - itself;
        if (left < needed)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--memory {options.MemoryBudget / 1e9}: the program itself takes {itself / 1e6:N0} MB and a network {needed / 1e6:N0} MB; give at least {Math.Ceiling((itself + needed) / 1e8) / 10}"));
        }

        if (left / options.Threads < needed)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--threads {options.Threads}: each would have {left / options.Threads / 1e6:N0} MB of --memory, and a network takes {needed / 1e6:N0} MB; give at most {left / needed} threads, or more memory"));
        }
    }

    private static int Detach(Work work, ParseResult parsed)
    {
        string[] options =
        [
            "--threads", Text(parsed.GetValue(SearchVerbs.Threads)), "--memory", Text(parsed.GetValue(SearchVerbs.Memory)),
            "--evaluator", parsed.GetValue(SearchVerbs.Evaluator)!,
            .. parsed.GetValue(SearchVerbs.TimeLimit) is { } limit ? ["--time-limit", Text(limit)] : Array.Empty<string>(),
        ];
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
            Console.WriteLine($"run '{work.Run}' goes on in the background; follow it with: {CommandHint.Local(work.Database, $"watch {work.Run}")}");
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

    private static void Send(Database database, string run, RunCommand command, bool json)
    {
        var control = new RunControl(database);
        var record = new RunStore(database).Get(run);
        if (!control.IsOwned(run))
        {
            if (record.Phase is SearchPhase.Finished or SearchPhase.Stopped || (record.Phase, command) is (SearchPhase.Paused, RunCommand.Pause))
            {
                // What was asked for is so already.
                RunSummary.PrintStatus(database, run, json ? MessageJson.Indented : null);
                return;
            }

            if (command == RunCommand.Stop)
            {
                StoredSearch.Stop(database, run);
                RunSummary.PrintStatus(database, run, json ? MessageJson.Indented : null);
                SayWhatIsLeft(database, run, SearchPhase.Stopped);
                return;
            }

            throw new StorageException($"no process works on run '{run}' ({RunSummary.StateName(record.Phase, owned: false)}): go on with {database.Hint($"resume {run}")}");
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
    }

    private static Task<int> Done(Action action)
    {
        action();
        return Task.FromResult(ExitCode.Done);
    }

    private static string Run(ParseResult parsed) => parsed.GetValue(SearchVerbs.Run)!;

    private static bool Json(ParseResult parsed) => parsed.GetValue(SearchVerbs.Json);

    private static Database Existing(ParseResult parsed) => CommonOptions.Existing(parsed.GetValue(SearchVerbs.Database)!);

    private static Database? ExistingOrNone(ParseResult parsed) => parsed.GetValue(SearchVerbs.Database)! is var path && File.Exists(path) ? new Database(path) : null;

    private static Work WorkOn(ParseResult parsed, string run) => new(
        parsed.GetValue(SearchVerbs.Database)!, run,
        CommonOptions.RunOptions(
            parsed.GetValue(SearchVerbs.Threads), parsed.GetValue(SearchVerbs.Memory), parsed.GetValue(SearchVerbs.Evaluator)!,
            Seconds(parsed.GetValue(SearchVerbs.TimeLimit))),
        Json(parsed));

    private static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null => null,
        > 0 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new UsageException($"--time-limit {Text(seconds.Value)}: give a positive number of seconds"),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>Which run a command works on, and how.</summary>
/// <param name="Database">The database file.</param>
/// <param name="Run">The run's name.</param>
/// <param name="Options">How this process works.</param>
/// <param name="Json">Whether to print JSON.</param>
internal sealed record Work(string Database, string Run, RunOptions Options, bool Json);
