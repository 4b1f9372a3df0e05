using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Messages.Control;

/// <summary>
/// What an operator can ask of searches. The control API, the command line and the pbm palette are made from it.
/// </summary>
public interface ISearchService : ITermCollector
{
    /// <summary>Stores a new run and begins to work on it.</summary>
    /// <exception cref="SearchServiceException">The name is taken, or the run cannot be begun.</exception>
    Task StartAsync(StartRequest run, CancellationToken cancellation);

    /// <summary>Every run, oldest first.</summary>
    Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation);

    /// <summary>Where a run stands.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> StatusAsync(string run, CancellationToken cancellation);

    /// <summary>Proposes nothing more until the run is resumed.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> PauseAsync(string run, CancellationToken cancellation);

    /// <summary>Goes on after a pause.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> ResumeAsync(string run, CancellationToken cancellation);

    /// <summary>Ends a run for good.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> StopAsync(string run, CancellationToken cancellation);

    /// <summary>The best proxies of a run, best first.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation);

    /// <summary>What a run has used and, once its search has ended and the held-out set is scored, its report.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<RunResult> ResultAsync(string run, CancellationToken cancellation);

    /// <summary>What a run was started with.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation);

    /// <summary>The stored events of a run, one JSON text each, as the embedded shell stores them.</summary>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation);

    /// <summary>The benchmarks that runs were started with.</summary>
    Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation);

    /// <summary>One of <see cref="BenchmarksAsync"/>, by its name or the first digits of its digest.</summary>
    /// <exception cref="SearchServiceException">There is none of that name, or more than one.</exception>
    Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation);

    /// <summary>The nodes that the search runs on.</summary>
    Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation);
}

/// <summary>A request that cannot be carried out; the message says why.</summary>
public sealed class SearchServiceException(string message) : Exception(message);
