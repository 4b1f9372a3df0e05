using System.CommandLine;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Embedded;

namespace LPZero.Seed.CommandLine;

/// <summary>The options of a command that computes terms of a benchmark in this process, outside of any run.</summary>
/// <param name="choose">Which options of a configuration the command has.</param>
internal sealed class TermOptions(Func<SearchOptions, IEnumerable<Option>> choose)
{
    private readonly SearchOptions configuration = new();
    private readonly Option<string> benchmark = new("--benchmark") { Description = "flexibert:PATH for the public form, or a file of our own", HelpName = "SOURCE", Required = true };
    private readonly Option<string> database = CommonOptions.Database();
    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly Option<double> memory = CommonOptions.Memory();
    private readonly Option<string> evaluator = CommonOptions.Evaluator();
    private readonly Option<bool> json = CommonOptions.Json();

    /// <summary>Gives the options to a command, its own among them.</summary>
    public void AddTo(Command command, params IEnumerable<Option> own)
    {
        foreach (var option in (IEnumerable<Option>)[benchmark, .. own, database, threads, memory, evaluator, json, .. choose(configuration)])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The benchmark, and the configuration for it.</summary>
    public (Benchmark Benchmark, SearchConfiguration Configuration) Read(ParseResult parsed)
    {
        var loaded = BenchmarkSource.Load(parsed.GetValue(benchmark)!);
        return (loaded, configuration.Read(parsed, loaded));
    }

    /// <summary>How this process works.</summary>
    /// <exception cref="BatchTooLargeException">The mini-batch does not fit in memory.</exception>
    public RunOptions Work(ParseResult parsed, Benchmark loaded, SearchConfiguration read)
    {
        var work = CommonOptions.RunOptions(parsed.GetValue(threads), parsed.GetValue(memory), parsed.GetValue(evaluator)!, timeLimit: null);
        SearchCommands.CheckMemory(loaded, read, work);
        return work;
    }

    /// <summary>The file with the term cache.</summary>
    public string Database(ParseResult parsed) => parsed.GetValue(database)!;

    /// <summary>Whether to print JSON.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(json);
}
