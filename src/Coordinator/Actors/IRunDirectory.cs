using System.Collections.Immutable;
using LPZero.Coordinator.Run;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Actors;

/// <summary>A run as all nodes know it; its events are in the journal.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Configuration">What determines it.</param>
/// <param name="Benchmark">What it searches on.</param>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="NumericProfile">What its numbers depend on; null until a device took part.</param>
/// <param name="Phase">Where it stood when its owner last said so.</param>
/// <param name="Problem">Why it does not get on, if its owner said so.</param>
/// <param name="IsHeld">Whether it is paused because its owner cannot go on; the journal says nothing of that.</param>
/// <param name="Usage">What it had used when its owner last said so; null where none did.</param>
/// <param name="IsReported">Whether its report is stored.</param>
/// <param name="Output">The folder of its hall of fame and report, where it was started with one.</param>
/// <param name="Priority">Its weight among runs that wait for the same device.</param>
public sealed record ClusterRun(
    string Name, DateTime Created, SearchConfiguration Configuration, Benchmark Benchmark, string BenchmarkDigest,
    string? NumericProfile, SearchPhase Phase, string? Problem, bool IsHeld = false,
    RunUsage? Usage = null, bool IsReported = false, string? Output = null, int Priority = DeviceShare.Standard)
{
    /// <summary>What it was started with.</summary>
    public RunDefinition Definition => new(Name, Created, Configuration, Benchmark.Name, BenchmarkDigest, Output);
}

/// <summary>A request that has started a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="ContentDigest">SHA-256 of the request's content.</param>
public sealed record StartedRequest(string Run, string ContentDigest);

/// <summary>The runs in a database.</summary>
public interface IRunDirectory
{
    /// <summary>
    /// Stores a new run with the digest of its benchmark's content. Returns false where the name, or the idempotency key, is taken.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="created">When it is started, UTC.</param>
    /// <param name="output">The full path of the folder of its hall of fame and report, if it has one.</param>
    Task<bool> CreateAsync(StartRequest run, DateTime created, string? output = null);

    /// <summary>The run that was started with an idempotency key, and the digest of that request; null where there is none.</summary>
    Task<StartedRequest?> FindRequestAsync(string idempotencyKey);

    /// <summary>Gives the run other tags than it had. Returns false where there is none of that name.</summary>
    Task<bool> TagAsync(string name, ImmutableArray<string> tags);

    /// <summary>Gives the run another priority. Returns false where there is none of that name.</summary>
    Task<bool> PrioritizeAsync(string name, int priority);

    /// <summary>Stores a benchmark, unless it is stored already.</summary>
    Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark);

    /// <summary>The run of that name, if there is one.</summary>
    Task<ClusterRun?> FindAsync(string name);

    /// <summary>Every run, oldest first.</summary>
    Task<ImmutableArray<RunListing>> ListAsync();

    /// <summary>Names of the runs that somebody has to work on: search or report is not done.</summary>
    Task<ImmutableArray<string>> UnfinishedAsync();

    /// <summary>Pins the numeric profile of the run, or returns the one that it is pinned to.</summary>
    Task<string> PinNumericProfileAsync(string name, string profile);

    /// <summary>Notes where the run stands. One that was held is held no more.</summary>
    Task NoteAsync(string name, SearchPhase phase, string? problem);

    /// <summary>Notes what the run has used in all. A note that comes late changes nothing.</summary>
    Task NoteUsageAsync(string name, RunUsage usage);

    /// <summary>Stores the run's report with what the run has used in all.</summary>
    Task SaveReportAsync(string name, string report, RunUsage usage);

    /// <summary>Notes that the run is paused because its owner cannot go on.</summary>
    Task HoldAsync(string name, string problem);

    /// <summary>Gives the run another folder for its hall of fame and report.</summary>
    Task SetOutputAsync(string name, string output);

    /// <summary>
    /// Deletes the run with its events and its report. Its benchmark stays, and so do its terms, which others share. Returns false where
    /// there is none of that name.
    /// </summary>
    /// <exception cref="RunOwnedException">A process works on it.</exception>
    Task<bool> DeleteAsync(string name);

    /// <summary>Takes the run for this process: whoever works on a run holds its lock.</summary>
    /// <exception cref="RunOwnedException">Another owner has it.</exception>
    Task<IRunLock> LockAsync(string name);
}
