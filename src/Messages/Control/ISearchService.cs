using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Messages.Control;

/// <summary>
/// What an operator can ask of searches. The control API, the command line and the pbm palette are made from it.
/// </summary>
public interface ISearchService : IRunReader, ITermCollector
{
    /// <summary>Stores a new run and begins to work on it.</summary>
    /// <exception cref="SearchServiceException">
    /// The name is taken, the run cannot be begun, or its idempotency key was given with another request.
    /// </exception>
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

    /// <summary>Gives a run other tags than it had, and returns it as lists show it.</summary>
    /// <exception cref="SearchServiceException">There is no such run, or a tag cannot be one.</exception>
    Task<RunListing> TagAsync(string run, ImmutableArray<string> tags, CancellationToken cancellation);

    /// <summary>Gives a run another priority, from its next requests on. No result depends on it.</summary>
    /// <exception cref="SearchServiceException">
    /// There is no such run, nobody answers for it, or it cannot be a priority.
    /// </exception>
    Task<RunStatus> PrioritizeAsync(string run, int priority, CancellationToken cancellation);

    /// <summary>Stores a benchmark, so that runs can be started with its name. One that is stored already is left as it is.</summary>
    /// <exception cref="SearchServiceException">It cannot be used; the message says why.</exception>
    Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark, CancellationToken cancellation);

    /// <summary>The nodes that the search runs on.</summary>
    Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation);

    /// <summary>The members of the cluster.</summary>
    /// <exception cref="SearchServiceException">It is one process alone.</exception>
    Task<ClusterMembership> MembersAsync(CancellationToken cancellation);

    /// <summary>Lets a member leave, or holds it dead.</summary>
    /// <param name="address">Its address, or host and port alone.</param>
    /// <param name="operation">What is to become of it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its whole address.</returns>
    /// <exception cref="SearchServiceException">There is no such member.</exception>
    Task<string> ChangeMemberAsync(string address, MemberOperation operation, CancellationToken cancellation);

    /// <summary>The shards of a region, wherever they are: <c>runs</c>, or the batches of a numeric profile.</summary>
    /// <exception cref="SearchServiceException">There is no such region, or nobody answers for it.</exception>
    Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation);
}
