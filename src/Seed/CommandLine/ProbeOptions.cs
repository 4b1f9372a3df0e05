using System.Collections.Immutable;
using System.CommandLine;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Inputs;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>The options of a command that needs terms of a benchmark outside of any run, from this process or from a cluster.</summary>
/// <param name="choose">Which options of a configuration the command has.</param>
/// <param name="benchmarks">The options that name benchmarks, at least one.</param>
internal sealed class ProbeOptions(Func<SearchOptions, IEnumerable<Option>> choose, ImmutableArray<Option<string[]>> benchmarks)
{
    private readonly SearchOptions configuration = new();
    private readonly Option<string> database = CommonOptions.Database();
    private readonly DeviceOptions devices = new();
    private readonly Option<bool> json = CommonOptions.Json();

    /// <summary>Whether a part of each benchmark has to be there that can be searched.</summary>
    public bool NeedsSplit { get; init; } = true;

    /// <summary>The options, with <c>--benchmark</c>.</summary>
    /// <param name="choose">Which options of a configuration the command has.</param>
    /// <param name="severalBenchmarks">Whether the benchmark may be given again with another one.</param>
    public ProbeOptions(Func<SearchOptions, IEnumerable<Option>> choose, bool severalBenchmarks = false)
        : this(choose, [BenchmarkOption(severalBenchmarks)])
    {
    }

    /// <summary>Gives the options to a command, its own among them.</summary>
    public void AddTo(Command command, params IEnumerable<Option> own)
    {
        foreach (var option in (IEnumerable<Option>)[
            .. benchmarks, .. own, database, .. devices.All, json, .. choose(configuration),
        ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The benchmark, and the configuration for it.</summary>
    /// <exception cref="UsageException">An option has no meaning where the terms are to come from, or the configuration
    /// cannot be meant.</exception>
    public (Benchmark Benchmark, SearchConfiguration Configuration) Read(ParseResult parsed)
    {
        var only = ReadOne(parsed);
        return (only.Benchmark, only.Configuration);
    }

    /// <summary>The same with its name.</summary>
    /// <exception cref="UsageException">See <see cref="Read"/>.</exception>
    public EvaluatedBenchmark ReadOne(ParseResult parsed) => parsed.GetValue(benchmarks[0]) is [_]
        ? ReadAll(parsed)[0]
        : throw new UsageException("--benchmark: give one");

    /// <summary>The benchmarks in the order given, each with a name of its own and the configuration for it.</summary>
    /// <exception cref="UsageException">See <see cref="Read"/>.</exception>
    public ImmutableArray<EvaluatedBenchmark> ReadAll(ParseResult parsed) => ReadAll(parsed, benchmarks[0]);

    /// <summary>The same of one of the options that name benchmarks; none where it is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="partOf">What to take of each, null where it is left out; itself null for all of each.</param>
    /// <exception cref="UsageException">See <see cref="Read"/>.</exception>
    public ImmutableArray<EvaluatedBenchmark> ReadAll(
        ParseResult parsed, Option<string[]> option, Func<EvaluatedBenchmark, Benchmark?>? partOf = null)
    {
        if (parsed.GetValue(HttpSearchService.Connect) is not null
            && devices.OfThisProcess.Prepend(database).FirstOrDefault(option => CommonOptions.IsGiven(parsed, option)) is { } senseless)
        {
            throw new UsageException($"{senseless.Name} has no meaning with --connect");
        }

        var loaded = new List<(string Source, Benchmark Benchmark)>();
        foreach (var source in parsed.GetValue(option) ?? [])
        {
            if (Load(source) is { } taken)
            {
                loaded.Add((source, taken));
            }
        }

        return
        [
            .. loaded.Select(each => new EvaluatedBenchmark(
                loaded.Count(other => other.Benchmark.Name == each.Benchmark.Name) > 1
                    ? $"{each.Benchmark.Name} ({each.Source})"
                    : each.Benchmark.Name,
                each.Benchmark, configuration.Read(parsed, each.Benchmark, NeedsSplit))
            {
                HasGivenShapes = configuration.HasGivenShapes(parsed),
                GivenOfProbe = configuration.GivenOfProbe(parsed),
            }),
        ];

        Benchmark? Load(string source)
        {
            var whole = BenchmarkSource.Load(source, configuration.SourceTruth(parsed));
            return partOf is null
                ? whole
                : partOf(new EvaluatedBenchmark(whole.Name, whole, configuration.Read(parsed, whole, NeedsSplit)));
        }
    }

    private static Option<string[]> BenchmarkOption(bool several) => new("--benchmark")
    {
        Description = BenchmarkSource.Forms + (several ? "; may be given again" : ""),
        HelpName = "SOURCE",
        Required = true,
        Arity = ArgumentArity.OneOrMore, // an array is parsed from no other; one too many is refused where they are read
    };

    /// <summary>What computes the terms: the cluster that --connect names, or this process.</summary>
    /// <exception cref="UsageException">This process cannot work with so many threads or so little memory.</exception>
    /// <exception cref="TorchUnavailableException">A device is not there.</exception>
    /// <exception cref="BatchTooLargeException">The mini-batch does not fit in memory.</exception>
    public Task<OpenedTerms> OpenAsync(ParseResult parsed, Benchmark loaded, SearchConfiguration read) =>
        OpenAsync(parsed, [new EvaluatedBenchmark(loaded.Name, loaded, read)]);

    /// <summary>The same for several benchmarks.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="benchmarks">The benchmarks.</param>
    /// <param name="scores">Whether passes for proxies that people designed are asked for, too.</param>
    /// <param name="networks">Whether any network is built; where none is, memory needs no room for one.</param>
    /// <exception cref="UsageException">See there.</exception>
    /// <exception cref="BatchTooLargeException">The mini-batch of one does not fit in memory.</exception>
    public async Task<OpenedTerms> OpenAsync(
        ParseResult parsed, ImmutableArray<EvaluatedBenchmark> benchmarks, bool scores = false, bool networks = true)
    {
        if (HttpSearchService.Connected(parsed) is { } service)
        {
            var threads = CommonOptions.CheckThreads(parsed.GetValue(devices.Threads));
            return new OpenedTerms(service, threads, keepResult: null, reportMemory: null, close: () =>
            {
                service.Dispose();
                return ValueTask.CompletedTask;
            });
        }

        var work = devices.Read(parsed);
        foreach (var asked in networks ? benchmarks : [])
        {
            work = SearchCommands.FitMemory(asked.Benchmark, asked.Configuration, work, scores);
        }

        var engine = await ProcessEngine.StartAsync(parsed.GetValue(database)!, work);
        return new OpenedTerms(engine.Service, work.Threads, new ExhaustiveResults(engine.Database).SaveAsync,
            () => PeakMemory.Report(work), engine.DisposeAsync);
    }

    /// <summary>Whether to print JSON.</summary>
    public bool Json(ParseResult parsed) => parsed.GetValue(json);
}
