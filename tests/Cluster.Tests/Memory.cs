using System.Collections.Concurrent;
using System.Collections.Immutable;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests;

/// <summary>A term cache in memory.</summary>
internal sealed class MemoryTermCache : ITermCache
{
    private readonly ConcurrentDictionary<string, ImmutableArray<TermBlock>> blocks = new();

    /// <summary>Attempts to store something that fail.</summary>
    public Faults Saves { get; } = new();

    /// <summary>Attempts to read something that fail.</summary>
    public Faults Loads { get; } = new();

    /// <summary>Whether what is stored cannot be read, now or ever.</summary>
    public bool IsDamaged { get; set; }

    public Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey)
    {
        Loads.ThrowIfWanted();
        return IsDamaged
            ? throw new InvalidDataException("a block is damaged")
            : Task.FromResult(blocks.GetValueOrDefault(contentKey, []));
    }

    public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> saved)
    {
        Saves.ThrowIfWanted();
        blocks.AddOrUpdate(contentKey, saved, (_, before) => before.AddRange(saved));
        return Task.CompletedTask;
    }

    private readonly ConcurrentDictionary<(string ContentKey, string Proxy), ProxyScore> scores = new();

    public Task<ImmutableArray<ProxyScore>> LoadScoresAsync(string contentKey)
    {
        Loads.ThrowIfWanted();
        return Task.FromResult(ImmutableArray.CreateRange(
            scores.Where(stored => stored.Key.ContentKey == contentKey).Select(stored => stored.Value)));
    }

    public Task SaveScoresAsync(string contentKey, ImmutableArray<ProxyScore> saved)
    {
        Saves.ThrowIfWanted();
        saved.ToList().ForEach(score => scores.TryAdd((contentKey, score.Proxy), score));
        return Task.CompletedTask;
    }

    public int StoredTerms => blocks.Values.Sum(stored => stored.Sum(block => block.Chains.Length));
}

/// <summary>Attempts in memory, none of which anybody dies of.</summary>
internal sealed class MemoryAttemptLog : IAttemptLog
{
    private readonly ConcurrentDictionary<string, int> begun = new();

    /// <summary>Networks of which something is being computed.</summary>
    public IEnumerable<string> Begun => begun.Where(pair => pair.Value > 0).Select(pair => pair.Key);

    public Task<ImmutableArray<string>?> BeginAsync(string contentKey, TermRequest request)
    {
        begun.AddOrUpdate(contentKey, 1, (_, before) => before + 1);
        return Task.FromResult<ImmutableArray<string>?>(null);
    }

    public Task EndAsync(string contentKey, TermRequest request)
    {
        begun.AddOrUpdate(contentKey, 0, (_, before) => before - 1);
        return Task.CompletedTask;
    }
}

/// <summary>A directory with one run.</summary>
internal sealed class MemoryRunDirectory(ClusterRun run) : IRunDirectory
{
    // Notes of the phase and of what is used are written side by side: neither may undo the other.
    private ClusterRun current = run;

    public ClusterRun Run => Volatile.Read(ref current);

    /// <summary>What a note waits for.</summary>
    public Func<SearchPhase, Task> BeforeNote { get; set; } = _ => Task.CompletedTask;

    public Task<bool> CreateAsync(StartRequest request, DateTime created, string? output = null) => Task.FromResult(false);

    public Task<StartedRequest?> FindRequestAsync(string idempotencyKey) => Task.FromResult<StartedRequest?>(null);

    public Task<bool> TagAsync(string name, ImmutableArray<string> tags) => Task.FromResult(name == Run.Name);

    public Task<bool> PrioritizeAsync(string name, int priority)
    {
        Uses.ThrowIfWanted();
        Prioritize(priority);
        return Task.FromResult(name == Run.Name);
    }

    public Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark) =>
        Task.FromResult(new BenchmarkListing(benchmark.Name, benchmark.Metric, benchmark.Architectures.Length, "", Runs: 0));

    /// <summary>Uses of the directory that fail.</summary>
    public Faults Uses { get; } = new();

    public Task<ClusterRun?> FindAsync(string name)
    {
        Uses.ThrowIfWanted();
        return Task.FromResult(name == Run.Name && !IsDeleted ? Run : null);
    }

    public Task<ImmutableArray<RunListing>> ListAsync()
    {
        Uses.ThrowIfWanted();
        return Task.FromResult<ImmutableArray<RunListing>>([]);
    }

    public Task SetOutputAsync(string name, string output)
    {
        Change(before => before with { Output = output });
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<string>> UnfinishedAsync() => Task.FromResult<ImmutableArray<string>>([Run.Name]);

    public Task<string> PinNumericProfileAsync(string name, string profile)
    {
        Uses.ThrowIfWanted();
        Change(before => before with { NumericProfile = before.NumericProfile ?? profile });
        return Task.FromResult(Run.NumericProfile!);
    }

    public async Task NoteAsync(string name, SearchPhase phase, string? problem)
    {
        Uses.ThrowIfWanted();
        await BeforeNote(phase);
        Change(before => before with { Phase = phase, Problem = problem, IsHeld = false });
    }

    /// <summary>The run's report.</summary>
    public string? Report { get; private set; }

    public Task NoteUsageAsync(string name, RunUsage usage)
    {
        Change(before => before with { Usage = usage });
        return Task.CompletedTask;
    }

    public Task SaveReportAsync(string name, string report, RunUsage usage)
    {
        Report = report;
        Change(before => before with { Usage = usage, IsReported = true });
        return Task.CompletedTask;
    }

    public Task HoldAsync(string name, string problem)
    {
        Uses.ThrowIfWanted();
        Change(before => before with { Phase = SearchPhase.Paused, Problem = problem, IsHeld = true });
        return Task.CompletedTask;
    }

    /// <summary>Whether the run is deleted.</summary>
    public bool IsDeleted { get; private set; }

    public Task<bool> DeleteAsync(string name)
    {
        if (OtherOwner is not null || Lock is { IsReleased: false })
        {
            throw new RunOwnedException(name, OtherOwner);
        }

        IsDeleted = true;
        return Task.FromResult(true);
    }

    /// <summary>Who owns the run besides, if anybody.</summary>
    public string? OtherOwner { get; set; }

    /// <summary>The lock that was taken last.</summary>
    public MemoryRunLock? Lock { get; private set; }

    public Task<IRunLock> LockAsync(string name)
    {
        if (OtherOwner is { } owner)
        {
            throw new RunOwnedException(name, owner);
        }

        Assert.True(Lock is null or { IsReleased: true }, "a second owner took the lock");
        Lock = new MemoryRunLock();
        return Task.FromResult<IRunLock>(Lock);
    }

    /// <summary>Gives the run a priority.</summary>
    public void Prioritize(int priority) => Change(before => before with { Priority = priority });

    /// <summary>Lets the run have another name.</summary>
    public void Rename(string name) => Change(before => before with { Name = name });

    private void Change(Func<ClusterRun, ClusterRun> change) => ImmutableInterlocked.Update(ref current, change);
}

/// <summary>A lock that is lost when the test wants it.</summary>
internal sealed class MemoryRunLock : IRunLock
{
    private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Lost => lost.Task;

    /// <summary>Whether it was given back.</summary>
    public bool IsReleased { get; private set; }

    public void Lose() => lost.SetResult();

    public ValueTask DisposeAsync()
    {
        IsReleased = true;
        return default;
    }
}
