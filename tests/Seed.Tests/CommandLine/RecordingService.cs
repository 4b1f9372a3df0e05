using System.Collections.Immutable;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>A cluster with one finished run, which notes what it is asked.</summary>
internal sealed class RecordingService : ISearchService
{
    /// <summary>The digest of its benchmark.</summary>
    public const string Digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public const string Best = "square(A)";
    public const string Member = "akka.tcp://lpzero@127.0.0.1:4053";

    public static readonly RunStatus Finished = new(
        "first", "finished", Iteration: 3, Iterations: 3, Evaluations: 9, BestRho: 0.5, Best, "made up", RequestsDone: 0, RequestsAll: 0,
        "finished", Problem: null, Ended: "all 3 iterations done");

    public List<string> Calls { get; } = [];

    /// <summary>What every call fails with, if anything.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether it never says where the run stands.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Completes when somebody asks where the run stands.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when whoever asked a silent one waits no more.</summary>
    public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the run stands.</summary>
    public RunStatus Status { get; init; } = Finished;

    /// <summary>What it was asked to start last.</summary>
    public StartRequest? Started { get; private set; }

    public Task StartAsync(StartRequest run, CancellationToken cancellation)
    {
        Started = run;
        return Answer("Start", Status);
    }

    public Task<ImmutableArray<RunListing>> ListAsync(CancellationToken cancellation) =>
        Answer<ImmutableArray<RunListing>>("List", [new("first", "finished", "default", DateTime.UnixEpoch)]);

    public async Task<RunStatus> StatusAsync(string run, CancellationToken cancellation)
    {
        Asked.TrySetResult();
        if (IsSilent)
        {
            await using var hungUp = cancellation.Register(GivenUp.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
        }

        return await Answer("Status", Status);
    }

    public Task<RunStatus> PauseAsync(string run, CancellationToken cancellation) => Answer("Pause", Status);

    public Task<RunStatus> ResumeAsync(string run, CancellationToken cancellation) => Answer("Resume", Status);

    public Task<RunStatus> StopAsync(string run, CancellationToken cancellation) => Answer("Stop", Status);

    public Task DeleteAsync(string run, CancellationToken cancellation) => Answer("Delete", run);

    public Task<RunLeaderboard> LeaderboardAsync(string run, CancellationToken cancellation) => Answer("Leaderboard", new RunLeaderboard(
        Status, [new(1, Best, Best, new Fitness(0.5, 0.4, 0.4, Ranking: 9), Iteration: 2, Forms: 3)], InvalidEvaluations: 0,
        ImmutableSortedDictionary<string, long>.Empty));

    /// <summary>The run's report, if it has one.</summary>
    public string? Report { get; init; }

    public Task<RunResult> ResultAsync(string run, CancellationToken cancellation) =>
        Answer("Result", new RunResult(new RunUsage(12.5, 30, 40), Report));

    public Task<RunDefinition> DefinitionAsync(string run, CancellationToken cancellation) =>
        Answer("Definition",
            new RunDefinition("first", DateTime.UnixEpoch, SearchConfiguration.Presets["default"], "small", Digest));

    public Task<ImmutableArray<string>> EventsAsync(string run, CancellationToken cancellation) =>
        Answer<ImmutableArray<string>>("Events", ["{}"]);

    public Task<ImmutableArray<BenchmarkListing>> BenchmarksAsync(CancellationToken cancellation) =>
        Answer<ImmutableArray<BenchmarkListing>>("Benchmarks", [new("small", "quality", 18, Digest, Runs: 1)]);

    public Task<Benchmark> BenchmarkAsync(string name, CancellationToken cancellation) =>
        Answer($"Benchmark {name}", SmallBenchmark.Create());

    public Task<RunListing> TagAsync(string run, ImmutableArray<string> tags, CancellationToken cancellation) =>
        Answer("Tag", new RunListing(run, "finished", "default", DateTime.UnixEpoch) { Tags = tags });

    public Task<RunStatus> PrioritizeAsync(string run, int priority, CancellationToken cancellation) =>
        Answer("Prioritize", Status with { Priority = priority });

    public Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark, CancellationToken cancellation) =>
        Answer("AddBenchmark", new BenchmarkListing(benchmark.Name, benchmark.Metric, 18, Digest, Runs: 0));

    public Task<ImmutableArray<RunEvent>> EventsAsync(string run, long after, int most, CancellationToken cancellation) =>
        Answer<ImmutableArray<RunEvent>>("Events", [new(after + 1, "{}")]);

    public Task<ClusterMembership> MembersAsync(CancellationToken cancellation) => Answer("Members", new ClusterMembership(
        Member, Member, Member, [new(Member, "17", "Up", ["coordinator"])], [new("akka.tcp://lpzero@127.0.0.1:1", [Member])]));

    public Task<string> ChangeMemberAsync(string address, MemberOperation operation, CancellationToken cancellation) =>
        Answer($"{operation} {address}", Member);

    public Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation) =>
        Answer($"Shards {region}", new ShardListings([new("7", 3, Member)]));

    public Task<ImmutableArray<NodeListing>> NodesAsync(CancellationToken cancellation) =>
        Answer<ImmutableArray<NodeListing>>("Nodes", [new("127.0.0.1:4053", ["gpu"], "up", new DeviceDescription("made up", 1, 2, 3))]);

    /// <summary>Who computes terms, if anybody.</summary>
    public ITermCollector? Terms { get; init; }

    public Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation) =>
        Terms!.EnsureTermsAsync(wanted, progress, cancellation);

    public Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
        WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation) =>
        Terms!.ScoresAsync(wanted, progress, cancellation);

    public IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(StoredTerms stored, CancellationToken cancellation) =>
        Terms!.TermsAsync(stored, cancellation);

    private Task<T> Answer<T>(string call, T answer)
    {
        Calls.Add(call);
        return Failure is null ? Task.FromResult(answer) : Task.FromException<T>(Failure);
    }
}
