using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>Brings runs into being.</summary>
public static class NewRun
{
    /// <summary>Stores a new run with its first events, in one transaction.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="benchmark">What to search.</param>
    /// <param name="configuration">What determines the search.</param>
    /// <param name="output">Folder for hall of fame and report.</param>
    /// <exception cref="StorageException">The name is taken; nothing is left behind.</exception>
    public static void Create(Database database, string name, Benchmark benchmark, SearchConfiguration configuration, string output)
    {
        var sample = SearchSample.Of(benchmark, configuration);
        var digest = BenchmarkDigest.Of(benchmark);
        var process = new SearchProcess(configuration);
        var decision = process.Decide(new SearchState(), new StartSearch(digest, [.. sample.Search.Architectures.Select(a => a.Id)]));
        var state = decision.Events.Aggregate(new SearchState(), process.Apply);
        new RunStore(database).Create(
            new RunRecord(
                name, DateTime.UtcNow, configuration, new BenchmarkFile(benchmark).ToJson(), digest, Path.GetFullPath(output),
                NumericProfile: null, state.Phase, Seconds: 0, TermHits: 0, TermMisses: 0, Report: null),
            decision.Events);
    }
}
