using System.Collections.Immutable;
using System.CommandLine;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Export;

namespace LPZero.Seed.CommandLine;

/// <summary>Something that an operator can say about searches.</summary>
/// <param name="Name">What is typed after <c>search</c>: a word, or a group and a word.</param>
/// <param name="Help">What it does.</param>
/// <param name="Example">What to type after <c>./lpzero</c>.</param>
/// <param name="Arguments">Arguments and options that mean the same on one machine and on a cluster.</param>
internal sealed record SearchVerb(string Name, string Help, string Example, ImmutableArray<Symbol> Arguments)
{
    /// <summary>Another name for the same.</summary>
    public string? Alias { get; init; }

    /// <summary>Options that say where this process writes files.</summary>
    public ImmutableArray<Option> FileOptions { get; init; } = [];

    /// <summary>Options that say how this process works on a run or where runs are; refused on a cluster.</summary>
    public ImmutableArray<Option> LocalOptions { get; init; } = [];

    /// <summary>Gives a command the verb's arguments and options.</summary>
    public void AddTo(Command command)
    {
        foreach (var symbol in Arguments.Concat(FileOptions).Concat(LocalOptions))
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
    }

    /// <summary>Whether whoever has no files here can say it: the palette of pbm.</summary>
    public bool IsForAnyone => !FileOptions.Any(option => option.Required);
}

/// <summary>
/// The one table of verbs: the commands <c>lpzero search ...</c>, on one machine and through <c>--connect</c>, and the
/// palette <c>search</c> of pbm are both made from it.
/// </summary>
internal static class SearchVerbs
{
    /// <summary>A benchmark that an earlier run was started with is named behind this.</summary>
    public const string StoredBenchmark = "stored:";

    public static readonly Argument<string> Run = CommonOptions.Run();
    public static readonly Option<bool> Json = CommonOptions.Json();
    public static readonly SearchOptions Configuration = new();

    public static readonly Option<string> Benchmark = new("--benchmark")
    {
        Description = $"{BenchmarkSource.Forms}, or {StoredBenchmark}NAME for one that benchmark list shows",
        HelpName = "SOURCE",
        Required = true,
    };

    public static readonly Option<string> Name = new("--name")
    {
        Description = $"the run's name: {RunName.Rule}", HelpName = "NAME", Required = true,
    };
    public static readonly Option<int?> Priority = new("--priority")
    {
        Description = "the run's weight where several wait for the same device, 1 to 100; changes no result [default: 1]",
        HelpName = "N",
    };
    public static readonly Argument<int> NewPriority = new("priority")
    {
        Description = "its weight where several runs wait for the same device, 1 to 100; changes no result",
    };
    public static readonly Option<bool> Detach = new("--detach") { Description = "leave the run working in the background" };

    public static readonly Argument<string[]> Tags = new("tags")
    {
        Description = "all tags that it is to have; none where nothing is given", Arity = ArgumentArity.ZeroOrMore,
    };
    public static readonly Argument<string[]> Compared = new("runs")
    {
        Description = "names of runs that have ended", Arity = ArgumentArity.OneOrMore,
    };
    public static readonly Option<string?> Tag = new("--tag") { Description = "only runs with this tag", HelpName = "TAG" };

    public static readonly Option<string> Format = CommonOptions.OneOf(
        "--format", "python: a PyTorch function that gives the same score; latex: formula and table; json, csv: the best proxies",
        ExportText.Formats, "python");

    public static readonly Option<int> Rank = new("--rank")
    {
        Description = "which proxy of the leaderboard python and latex show", HelpName = "N", DefaultValueFactory = _ => 1,
    };

    public static readonly Option<string> Database = CommonOptions.Database();
    public static readonly DeviceOptions Devices = new();
    public static readonly Option<double?> TimeLimit = new("--time-limit")
    {
        Description = "pause after so many seconds; search resume goes on [default: none]", HelpName = "SECONDS",
    };
    public static readonly Option<string> RunFolder = new("--out")
    {
        Description = "folder for hall of fame and report (default: runs/NAME; with --connect none)", HelpName = "DIR",
    };
    public static readonly Option<string> ReportFolder = new("--out")
    {
        Description = "folder for hall of fame and report", HelpName = "DIR", Required = true,
    };
    public static readonly Option<string> ExportFile = new("--out")
    {
        Description = "file to write instead of standard output", HelpName = "FILE",
    };

    /// <summary>Every verb, in the order in which help lists them.</summary>
    public static ImmutableArray<SearchVerb> All { get; } =
    [
        new("start", "Start a search and work on it until it is done.",
            "search start --benchmark flexibert:BERT_benchmark.json --preset default --name first --seed 42",
            [Benchmark, Name, Priority, Detach, Json, .. Configuration.All])
            {
                FileOptions = [RunFolder], LocalOptions = [TimeLimit, Database, .. Devices.All],
            },
        new("list", "List the runs.", "search list", [Tag, Json]) { LocalOptions = [Database] },
        new("status", "Say where a run stands.", "search status first", [Run, Json]) { LocalOptions = [Database] },
        new("watch", "Follow a run that works elsewhere, until it ends.", "search watch first", [Run, Json]) { LocalOptions = [Database] },
        new("pause", "Pause a run that works elsewhere.", "search pause first", [Run, Json]) { LocalOptions = [Database] },
        new("resume", "Go on with a run that was paused, interrupted or killed.", "search resume first", [Run, Json])
        {
            LocalOptions = [RunFolder, Detach, TimeLimit, Database, .. Devices.All],
        },
        new("stop", "End a run for good; what it has found stays.", "search stop first", [Run, Json]) { LocalOptions = [Database] },
        new("delete", "Delete a run that nobody works on, with its events and its report; its terms and its files stay.",
            "search delete first", [Run, Json]) { LocalOptions = [Database] },
        new("tag", "Give a run words by which list finds it again, instead of those that it had.", "search tag first nightly flexibert",
            [Run, Tags, Json]) { LocalOptions = [Database] },
        new("priority", "Give a run another priority, from its next requests on.", "search priority first 4", [Run, NewPriority, Json])
        {
            LocalOptions = [Database],
        },
        new("show", "Show a run's leaderboard, its held-out table and its prune counters.", "search show first", [Run, Json])
        {
            Alias = "leaderboard",
            LocalOptions = [Database],
        },
        new("compare", "Say what several runs on one benchmark give in the mean, such as one search with ten seeds.",
            "search compare first second third", [Compared, Json])
        {
            LocalOptions = [Database],
        },
        new("export", "Export what a run has found, or a predictor: FILE.predictor.json in place of the run.",
            "search export first --format python > proxy.py", [Run, Format, Rank])
        {
            FileOptions = [ExportFile],
            LocalOptions = [Database],
        },
        new("report", "Write the report of a run again: report.html, report.md and the hall of fame.",
            "search report first --out first-report", [Run, Json])
        {
            FileOptions = [ReportFolder],
            LocalOptions = [Database],
        },
        new("events", "Print what happened in a run, one JSON text a line.", "search events first", [Run]) { LocalOptions = [Database] },
        new("benchmark list", "List the benchmarks that runs were started with.", "search benchmark list", [Json])
        {
            LocalOptions = [Database],
        },
        new("nodes", "List the nodes of a cluster and what they have computed (with --connect).", "--connect 127.0.0.1:4054 search nodes",
            [Json]),
    ];
}
