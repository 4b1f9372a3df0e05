using System.Collections.Immutable;

namespace LPZero.Messages.Control;

/// <summary>
/// What an operator can ask of searches. The control API, the command line and the pbm palette are made from it.
/// </summary>
public interface ISearchService : IRunReader, ITermCollector
{
    /// <summary>Stores a new run and begins to work on it.</summary>
    /// <exception cref="SearchServiceException">The name is taken, or the run cannot be begun.</exception>
    Task StartAsync(StartRequest run, CancellationToken cancellation);

    /// <summary>Proposes nothing more until the run is resumed.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> PauseAsync(string run, CancellationToken cancellation);

    /// <summary>Goes on after a pause.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> ResumeAsync(string run, CancellationToken cancellation);

    /// <summary>Ends a run for good.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or nobody answers for it.</exception>
    Task<RunStatus> StopAsync(string run, CancellationToken cancellation);

    /// <summary>Deletes a run with its events and its report. Its terms stay, which others share.</summary>
    /// <exception cref="SearchServiceException">There is no such run, somebody works on it, or nobody answers for it.</exception>
    Task DeleteAsync(string run, CancellationToken cancellation);

    /// <summary>The nodes that the search runs on.</summary>
    Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation);
}

/// <summary>A request that cannot be carried out; the message says why.</summary>
public sealed class SearchServiceException(string message) : Exception(message);
