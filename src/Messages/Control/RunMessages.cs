using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;

namespace LPZero.Messages.Control;

/// <summary>A run to be started.</summary>
/// <param name="Name">Its name, unique in the database.</param>
/// <param name="Configuration">What determines it.</param>
/// <param name="Benchmark">What it searches on.</param>
public sealed record StartRequest(string Name, SearchConfiguration Configuration, Benchmark Benchmark)
{
    /// <summary>
    /// Who asks twice with the same key means the same run: the second time nothing is started. Not part of the request's content.
    /// </summary>
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// The run's weight among runs that wait for the same device, 1 to 100; null for 1. No result depends on it.
    /// </summary>
    public int? Priority { get; init; }

    /// <summary>SHA-256 of the content.</summary>
    public string ContentDigest() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, MessageJson.Options)));
}

/// <summary>An event of a run as it is stored.</summary>
/// <param name="Number">Its sequence number in the run's journal, from 1.</param>
/// <param name="Text">The event as a JSON text.</param>
public sealed record RunEvent(long Number, string Text);

/// <summary>What a run was started with.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Configuration">What determines it.</param>
/// <param name="Benchmark">The benchmark's name.</param>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="Output">The folder of its hall of fame and report, where it was started with one.</param>
public sealed record RunDefinition(
    string Name, DateTime Created, SearchConfiguration Configuration, string Benchmark, string BenchmarkDigest, string? Output = null);

/// <summary>A benchmark that is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metric">What its truth measures.</param>
/// <param name="Architectures">How many it has.</param>
/// <param name="Digest">SHA-256 of its content.</param>
/// <param name="Runs">How many runs search it.</param>
public sealed record BenchmarkListing(string Name, string Metric, int Architectures, string Digest, int Runs)
{
    /// <summary>Whether the benchmark is meant by a name or by the first digits of a digest.</summary>
    public bool IsMeantBy(string name) => Name == name || (name.Length >= 6 && Digest.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A run in a list.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="State">new, running, paused, finished or stopped; interrupted where it should be worked on and nobody does.</param>
/// <param name="Preset">The preset that its configuration started from.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Seconds">Time that it was worked on.</param>
public sealed record RunListing(string Name, string State, string Preset, DateTime Created, double Seconds = 0)
{
    /// <summary>Words that an operator has given it, in alphabetical order.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
}

/// <summary>Where a run stands.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="State">new, running, interrupted (its owner was killed), paused, finished or stopped.</param>
/// <param name="Iteration">The last iteration.</param>
/// <param name="Iterations">How many are configured.</param>
/// <param name="Evaluations">Proxies scored so far.</param>
/// <param name="BestRho">Spearman's rho of the best proxy on the search set, if there is one.</param>
/// <param name="BestExpression">The best proxy in its canonical form.</param>
/// <param name="NumericProfile">What the run's numbers depend on; null until a device took part.</param>
/// <param name="RequestsDone">Term requests of the present round that were answered.</param>
/// <param name="RequestsAll">Term requests of the present round.</param>
/// <param name="Activity">What is being done or waited for.</param>
/// <param name="Problem">Why the run does not get on, if it does not.</param>
/// <param name="Ended">Why the search ended, in words; null before.</param>
/// <param name="IsReporting">Whether the search has ended and its report is still being made.</param>
/// <param name="Seconds">Time that it was worked on.</param>
/// <param name="Progress">For whoever shows how it gets on; null where nobody works on it.</param>
/// <param name="Priority">Its weight among runs that wait for the same device.</param>
public sealed record RunStatus(
    string Name, string State, int Iteration, int Iterations, int Evaluations, double? BestRho, string? BestExpression,
    string? NumericProfile, int RequestsDone, int RequestsAll, string Activity, string? Problem, string? Ended = null,
    bool IsReporting = false, double Seconds = 0, RunProgress? Progress = null, int Priority = DeviceShare.Standard);

/// <summary>How a run gets on.</summary>
/// <param name="EvaluationsLeft">Proxies that it scores yet, at most.</param>
/// <param name="Refused">Proxies that the pruning rules refused.</param>
/// <param name="TermHits">Terms that scoring found known.</param>
/// <param name="TermMisses">Terms that were asked for and came.</param>
/// <param name="SearchNetworks">Networks that the search ranks.</param>
/// <param name="HeldOutNetworks">Networks that are held out.</param>
/// <param name="RoundShare">
/// Which part of the work of the present round's requests is done, from 0 to 1, as networks differ in what they take; null from a node of
/// an earlier version, which does not say it.
/// </param>
public sealed record RunProgress(
    double EvaluationsLeft, long Refused, long TermHits, long TermMisses, int SearchNetworks, int HeldOutNetworks,
    double? RoundShare = null);

/// <summary>What a run has used so far, in all the lives of its owner.</summary>
/// <param name="Seconds">Time that it was worked on.</param>
/// <param name="TermHits">Terms that scoring found known.</param>
/// <param name="TermMisses">Terms that nodes were asked for and sent.</param>
public sealed record RunUsage(double Seconds, long TermHits, long TermMisses);

/// <summary>What is stored of a run besides its events.</summary>
/// <param name="Usage">What it has used.</param>
/// <param name="Report">Its report as a JSON text; null before there is one.</param>
public sealed record RunResult(RunUsage Usage, string? Report);

/// <summary>A proxy of a leaderboard.</summary>
/// <param name="Rank">1 for the best.</param>
/// <param name="Expression">As it was drawn or bred.</param>
/// <param name="Canonical">Its canonical form.</param>
/// <param name="Search">Its fitness on the search set.</param>
/// <param name="Iteration">When it was scored.</param>
/// <param name="Forms">How many canonical forms that rank the search set identically the entry stands for; it shows the simplest.</param>
public sealed record LeaderboardEntry(int Rank, string Expression, string Canonical, Fitness Search, int Iteration, int Forms);

/// <summary>The best proxies of a run.</summary>
/// <param name="Status">Where the run stands.</param>
/// <param name="Entries">Best first.</param>
/// <param name="InvalidEvaluations">Proxies that scored invalid.</param>
/// <param name="PrunedByRule">How often each pruning rule acted.</param>
public sealed record RunLeaderboard(
    RunStatus Status, ImmutableArray<LeaderboardEntry> Entries, int InvalidEvaluations,
    ImmutableSortedDictionary<string, long> PrunedByRule);

/// <summary>What a node computes with.</summary>
/// <param name="NumericProfile">What the bits of its terms depend on.</param>
/// <param name="Threads">Pinned threads.</param>
/// <param name="LoadedArchitectures">Architectures that are loaded.</param>
/// <param name="ComputedTerms">Terms computed since the node started: one branch on one network each.</param>
/// <param name="LoadedBytes">Bytes that the loaded architectures hold.</param>
/// <param name="MemoryBudget">Bytes that they may hold.</param>
public sealed record DeviceDescription(
    string NumericProfile, int Threads, int LoadedArchitectures, long ComputedTerms, long LoadedBytes = 0, long MemoryBudget = 0);

/// <summary>A node of the cluster.</summary>
/// <param name="Address">Where its peers reach it.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Status">Its membership, such as up or leaving; unreachable where its peers have lost sight of it.</param>
/// <param name="Device">What it computes with, if it has role gpu and answers.</param>
public sealed record NodeListing(string Address, ImmutableArray<string> Roles, string Status, DeviceDescription? Device);
