using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Run;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;

namespace LPZero.Bench.Micro;

/// <summary>An iteration of the coordinator, and storing its events.</summary>
[MemoryDiagnoser]
public class SearchBenchmarks
{
    private const string Run = "benchmark";

    private MadeUpSearch? search;
    private ReportScores? report;
    private ImmutableArray<SearchEvent> events;
    private RunStore? store;
    private string folder = "";
    private long sequence;

    [Params(1, 100)]
    public int Offspring { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        search = new MadeUpSearch(Offspring);
        report = search.Report();
        events = search.Decide(report).Events;
        folder = Directory.CreateTempSubdirectory("lpzero-bench-").FullName;
        var database = new Database(Path.Combine(folder, "bench.db"));
        store = new RunStore(database);
        var set = MadeUpBenchmark.Architectures(20);
        var benchmark = new Benchmark("made up", "none", Shapes.AsTrained, EmbeddingSizes.FlexiBert, set.Architectures);
        NewRun.Create(database, Run, benchmark, SearchConfiguration.Presets["default"] with { SearchArchitectures = 10 }, folder);
        sequence = store.Events(Run).Count;
    }

    [GlobalCleanup]
    public void CleanUp() => Directory.Delete(folder, recursive: true);

    [Benchmark]
    public SearchState DecideAndApply() => search!.After(search.Decide(report!));

    [Benchmark]
    public void AppendEvents()
    {
        store!.Append(Run, sequence, events, SearchPhase.Running, new NewUsage(0, 0));
        sequence += events.Length;
    }
}
