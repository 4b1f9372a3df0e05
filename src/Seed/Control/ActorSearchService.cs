using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Control;

/// <summary>The search service in a process that owns runs: a node with role coordinator, or a command on one machine.</summary>
/// <param name="owners">Where the runs' owners are, each by its run's name.</param>
/// <param name="runs">The runs.</param>
/// <param name="reader">Reads what is stored of them.</param>
/// <param name="terms">Their terms, and any others.</param>
/// <param name="members">Who takes part.</param>
/// <param name="clock">The time.</param>
public sealed class ActorSearchService(
    IActorRef owners, IRunDirectory runs, IRunReader reader, ITermCollector terms, IMembers members, TimeProvider clock) : ISearchService
{
    /// <summary>An owner that says nothing for so long is held away; one in this process is only as slow as the machine is busy.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task StartAsync(StartRequest run, CancellationToken cancellation)
    {
        RunBeginning.Check(run);
        if (!await IsRepeatedAsync(run) && NodeRoom.FindProblem(run, await members.ListAsync(cancellation)) is { } problem)
        {
            throw new SearchServiceException($"the run cannot be begun: {problem}", SearchFailure.Unfit, "configuration");
        }

        if (!await runs.CreateAsync(run, clock.GetUtcNow().UtcDateTime) && !await IsRepeatedAsync(run))
        {
            throw new SearchServiceException($"a run named '{run.Name}' exists already: choose another name", field: "name");
        }

        owners.Tell(new WakeRun(run.Name));
    }

    /// <inheritdoc/>
    public async Task<RunListing> TagAsync(string run, ImmutableArray<string> tags, CancellationToken cancellation)
    {
        RunTags.Check(tags);
        return await runs.TagAsync(run, tags) && (await runs.ListAsync()).SingleOrDefault(listing => listing.Name == run) is { } tagged
            ? tagged
            : throw new SearchServiceException($"there is no run '{PrintableText.Escape(run)}'", SearchFailure.Missing);
    }

    /// <inheritdoc/>
    public Task<RunStatus> PrioritizeAsync(string run, int priority, CancellationToken cancellation) =>
        DeviceShare.FindProblem(priority) is { } problem
            ? throw new SearchServiceException($"priority {problem}", SearchFailure.Unfit, "priority")
            : AskAsync<RunStatus>(new PrioritizeRun(run, priority), cancellation);

    /// <inheritdoc/>
    public Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark, CancellationToken cancellation) =>
        runs.AddBenchmarkAsync(BenchmarksApi.Usable(benchmark));

    /// <inheritdoc/>
    public Task<ClusterMembership> MembersAsync(CancellationToken cancellation) => Task.FromResult(members.Describe());

    /// <inheritdoc/>
    public Task<string> ChangeMemberAsync(string address, MemberOperation operation, CancellationToken cancellation) =>
        Task.FromResult(members.Change(address, operation));

    /// <inheritdoc/>
    public Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation) => members.ShardsAsync(region, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, int most, CancellationToken cancellation) =>
        reader.EventsAsync(run, after, most, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation) => runs.ListAsync();

    /// <inheritdoc/>
    public Task<RunStatus> StatusAsync(string run, CancellationToken cancellation) =>
        AskAsync<RunStatus>(new DescribeRun(run), cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> PauseAsync(string run, CancellationToken cancellation) => AskAsync<RunStatus>(new PauseRun(run), cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> ResumeAsync(string run, CancellationToken cancellation) => AskAsync<RunStatus>(new ResumeRun(run), cancellation);

    /// <inheritdoc/>
    public Task<RunStatus> StopAsync(string run, CancellationToken cancellation) =>
        AskAsync<RunStatus>(new StopRun(run, StopSearch.ByCommand), cancellation);

    /// <inheritdoc/>
    public Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation) =>
        AskAsync<RunLeaderboard>(new ListLeaders(run), cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(string run, CancellationToken cancellation) => AskAsync<RunDeleted>(new DeleteRun(run), cancellation);

    /// <inheritdoc/>
    public Task<RunResult> ResultAsync(string run, CancellationToken cancellation) => reader.ResultAsync(run, cancellation);

    /// <inheritdoc/>
    public Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation) => reader.DefinitionAsync(run, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation) => reader.BenchmarksAsync(cancellation);

    /// <inheritdoc/>
    public Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation) => reader.BenchmarkAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation) => reader.EventsAsync(run, cancellation);

    /// <inheritdoc/>
    public Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation) =>
        terms.EnsureTermsAsync(wanted, progress, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(StoredTerms stored, CancellationToken cancellation) =>
        terms.TermsAsync(stored, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation) =>
        terms.ScoresAsync(wanted, progress, cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation) => members.ListAsync(cancellation);

    /// <summary>Whether the same request has started its run before.</summary>
    private async Task<bool> IsRepeatedAsync(StartRequest run)
    {
        if (run.IdempotencyKey is not { } key || await runs.FindRequestAsync(key) is not { } first)
        {
            return false;
        }

        return first.ContentDigest == run.ContentDigest()
            ? true
            : throw new SearchServiceException(
                $"the idempotency key was given with another request, which started run '{first.Run}': give each request its own",
                field: "Idempotency-Key");
    }

    private async Task<T> AskAsync<T>(RunMessage message, CancellationToken cancellation)
    {
        try
        {
            return await owners.Ask<object>(message, AnswerTimeout, cancellation) switch
            {
                T answer => answer,
                RunRefused refused => throw new SearchServiceException(
                    refused.Reason,
                    refused.IsUnknown ? SearchFailure.Missing : refused.IsAway ? SearchFailure.Away : SearchFailure.Conflict),
                var other => throw new SearchServiceException($"unexpected answer {other}"),
            };
        }
        catch (AskTimeoutException)
        {
            throw new SearchServiceException(
                $"nobody answers for run '{message.Run}' at the moment: its node or the database may be away, try again",
                SearchFailure.Away);
        }
    }
}
