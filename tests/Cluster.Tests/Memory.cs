using System.Collections.Concurrent;
using System.Collections.Immutable;
using LPZero.Cluster.Storage;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests;

/// <summary>A term cache in memory.</summary>
internal sealed class MemoryTermCache : ITermCache
{
    private readonly ConcurrentDictionary<string, ImmutableArray<TermBlock>> blocks = new();
    private int failures;

    /// <summary>The next so many attempts to store something fail.</summary>
    public void FailSaves(int count) => failures = count;

    public Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey) => Task.FromResult(blocks.GetValueOrDefault(contentKey, []));

    public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> saved)
    {
        if (Interlocked.Decrement(ref failures) >= 0)
        {
            throw new IOException("the database is away");
        }

        blocks.AddOrUpdate(contentKey, saved, (_, before) => before.AddRange(saved));
        return Task.CompletedTask;
    }

    public int StoredTerms => blocks.Values.Sum(stored => stored.Sum(block => block.Chains.Length));
}

/// <summary>A directory with one run.</summary>
internal sealed class MemoryRunDirectory(ClusterRun run) : IRunDirectory
{
    public ClusterRun Run { get; private set; } = run;

    public Task<bool> CreateAsync(StartRequest request, DateTime created) => Task.FromResult(false);

    public Task<ClusterRun?> FindAsync(string name) => Task.FromResult(name == Run.Name ? Run : null);

    public Task<ImmutableArray<RunListing>> ListAsync() => Task.FromResult<ImmutableArray<RunListing>>([]);

    public Task<ImmutableArray<StoredBenchmark>> BenchmarksAsync() => Task.FromResult<ImmutableArray<StoredBenchmark>>([new(Run.Benchmark, Run.BenchmarkDigest, Runs: 1)]);

    public Task<ImmutableArray<string>> UnfinishedAsync() => Task.FromResult<ImmutableArray<string>>([Run.Name]);

    public Task<string> PinNumericProfileAsync(string name, string profile)
    {
        Run = Run with { NumericProfile = Run.NumericProfile ?? profile };
        return Task.FromResult(Run.NumericProfile!);
    }

    public Task NoteAsync(string name, SearchPhase phase, string? problem)
    {
        Run = Run with { Phase = phase, Problem = problem };
        return Task.CompletedTask;
    }
}
