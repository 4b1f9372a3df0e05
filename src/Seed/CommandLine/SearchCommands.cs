using System.CommandLine;
using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine.Cluster;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search ...</c>, made from <see cref="SearchVerbs"/>.</summary>
internal static class SearchCommands
{
    public static Command Create()
    {
        var search = new DescribedCommand(
            "search", "Search for zero-cost proxies.", "search start --benchmark data/tiny-flexibert.json --name first");
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

        verb.AddTo(command);
        command.SetAction(async (parsed, interrupt) =>
        {
            if (parsed.GetValue(HttpSearchService.Connect) is not { } address)
            {
                if (!verb.LocalOptions.Contains(SearchVerbs.Database))
                {
                    throw new UsageException($"search {verb.Name}: name a coordinator node with --connect HOST:PORT");
                }

                await using var runs = new LocalRuns(parsed.GetValue(SearchVerbs.Database)!, parsed);
                return await runs.RunAsync(verb.Name, interrupt);
            }

            CheckForCluster(verb, parsed);
            using var service = HttpSearchService.Connected(parsed)!;
            return await new ServiceVerbs(service, RunPlace.Cluster(address), Console.Out, AnsiConsole.Console, Console.Error).RunAsync(
                service, verb.Name, parsed, interrupt);
        });
        return command;
    }

    /// <summary>Refuses options that say how this process works on a run, or where runs are, where a cluster is asked.</summary>
    /// <exception cref="UsageException">One is given.</exception>
    public static void CheckForCluster(SearchVerb verb, ParseResult parsed)
    {
        if (verb.LocalOptions.FirstOrDefault(option => CommonOptions.IsGiven(parsed, option)) is { } senseless)
        {
            throw new UsageException($"{senseless.Name} has no meaning with --connect");
        }
    }

    /// <summary>The name that a run is to be started under.</summary>
    public static string NewRunName(ParseResult parsed)
    {
        var name = parsed.GetValue(SearchVerbs.Name)!;
        return RunName.IsValid(name) ? name : throw new UsageException($"--name '{name}': use {RunName.Rule}");
    }

    /// <summary>The priority that a run is to be started with; null where none is given.</summary>
    public static int? Priority(ParseResult parsed) =>
        parsed.GetValue(SearchVerbs.Priority) is not { } priority ? null
        : DeviceShare.FindProblem(priority) is { } problem ? throw new UsageException($"{SearchVerbs.Priority.Name} {problem}")
        : priority;

    /// <summary>The priority that a run is to have from now on.</summary>
    public static int NewPriority(ParseResult parsed) =>
        parsed.GetValue(SearchVerbs.NewPriority) is var priority && DeviceShare.FindProblem(priority) is { } problem
            ? throw new UsageException($"{SearchVerbs.NewPriority.Name} {problem}")
            : priority;

    /// <summary>The benchmark that a run is to be started with.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="stored">Who knows those that earlier runs were started with; asked only for one of them.</param>
    /// <param name="interrupt">Ends it.</param>
    public static async Task<Benchmark> BenchmarkAsync(ParseResult parsed, Lazy<Task<IRunReader>> stored, CancellationToken interrupt)
    {
        var source = parsed.GetValue(SearchVerbs.Benchmark)!;
        var truth = SearchVerbs.Configuration.SourceTruth(parsed);
        if (!source.StartsWith(SearchVerbs.StoredBenchmark, StringComparison.Ordinal))
        {
            return BenchmarkSource.Load(source, truth);
        }

        return truth is null
            ? await (await stored.Value).BenchmarkAsync(source[SearchVerbs.StoredBenchmark.Length..], interrupt)
            : throw new UsageException($"--truth {truth}: a stored benchmark has one truth; leave the option out");
    }

    /// <summary>How this process is to work on a run.</summary>
    public static RunOptions RunOptions(ParseResult parsed) =>
        SearchVerbs.Devices.Read(parsed, Seconds(parsed.GetValue(SearchVerbs.TimeLimit)));

    /// <summary>
    /// A device that is not there, and a batch that does not fit beside what the program itself takes, are said before the run exists
    /// or anything is computed. Where memory has no room for a network on each thread, fewer threads compute, and a line says so.
    /// </summary>
    /// <param name="benchmark">The networks.</param>
    /// <param name="configuration">How they are probed.</param>
    /// <param name="options">How this process is to work.</param>
    /// <param name="scores">Whether passes for proxies that people designed are asked for, too.</param>
    /// <returns>The options, with no more devices than have room.</returns>
    public static RunOptions FitMemory(Benchmark benchmark, SearchConfiguration configuration, RunOptions options, bool scores = false)
    {
        var evaluator = options.CreateEvaluator();
        var probe = configuration.Probe(benchmark.Sizes);
        var networks = benchmark.Architectures.Select(a => a.Genotype.Resolve(configuration.ShapesOn(benchmark))).Distinct();
        var hasProducts = configuration.Combine == Combination.Tensors;
        var needed = networks.Max(network =>
        {
            var target = new ProbedNetwork(network, probe);
            var ofScores = scores ? MemoryBudget.CheckScoring(target, options.MemoryBudget) : 0;
            return Math.Max(ofScores, MemoryBudget.Needed(
                MemoryBudget.Check(target, evaluator, options.MemoryBudget, hasProducts), evaluator, hasProducts));
        });

        // The libraries are the most of what the program itself takes, which on CUDA lies elsewhere.
        options.CheckDevices();
        var itself = options.IsOnCpu ? Environment.WorkingSet : 0;
        var left = options.MemoryBudget - itself;
        if (left < needed)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--memory {options.MemoryBudget / 1e9}: the program itself takes {itself / 1e6:N0} MB and a network {needed / 1e6:N0} " +
                $"MB; give at least {Math.Ceiling((itself + needed) / 1e8) / 10}"));
        }

        var fit = DevicesWithRoom.Of(options.Devices, left, needed);
        if (fit.IsEmpty)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--devices {string.Join(',', options.Devices)}: each has {left / options.Devices.Distinct().Count() / 1e6:N0} MB of " +
                $"--memory, and a network takes {needed / 1e6:N0} MB; " +
                $"give {(left / needed == 1 ? "1 device" : $"at most {left / needed} devices")}, or more memory"));
        }

        if (fit.Length < options.Devices.Length)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"lpzero: {fit.Length} of {options.Devices.Length} threads compute networks: one takes up to {needed / 1e6:N0} MB, " +
                $"and --memory has {left / 1e6:N0} MB for them"));
        }

        return options with { Devices = fit };
    }

    private static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null => null,
        > 0 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new UsageException(
            $"--time-limit {seconds.Value.ToString(CultureInfo.InvariantCulture)}: give a positive number of seconds"),
    };
}
