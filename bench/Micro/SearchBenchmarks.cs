using BenchmarkDotNet.Attributes;
using LPZero.Bench.Fixtures;
using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Bench.Micro;

/// <summary>An iteration of the coordinator.</summary>
[MemoryDiagnoser]
public class SearchBenchmarks
{
    private MadeUpSearch? search;
    private ReportScores? report;

    [Params(1, 100)]
    public int Offspring { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        search = new MadeUpSearch(Offspring);
        report = search.Report();
    }

    [Benchmark]
    public SearchState DecideAndApply() => search!.After(search.Decide(report!));
}
