using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Messages.Control;

/// <summary>What can be read of searches, whether anybody works on them or not.</summary>
public interface IRunReader
{
    /// <summary>Every run, oldest first.</summary>
    Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation);

    /// <summary>Where a run stands.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> StatusAsync(string run, CancellationToken cancellation);

    /// <summary>The best proxies of a run, best first.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation);

    /// <summary>What a run has used and, once its search has ended and the held-out set is scored, its report.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<RunResult> ResultAsync(string run, CancellationToken cancellation);

    /// <summary>What a run was started with.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation);

    /// <summary>The stored events of a run, one JSON text each.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation);

    /// <summary>Stored events of a run behind a sequence number, oldest first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">The sequence number; 0 for those from the beginning.</param>
    /// <param name="most">The most that are read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, int most, CancellationToken cancellation);

    /// <summary>The benchmarks that are stored.</summary>
    Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation);

    /// <summary>One of <see cref="BenchmarksAsync"/>, by its name or the first digits of its digest.</summary>
    /// <exception cref="SearchServiceException">There is none of that name, or more than one.</exception>
    Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation);
}
