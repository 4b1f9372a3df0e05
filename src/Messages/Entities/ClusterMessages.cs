using LPZero.Messages.Terms;

namespace LPZero.Messages.Entities;

/// <summary>What is said to the one actor that owns a run.</summary>
/// <param name="Run">The run's name.</param>
public abstract record RunMessage(string Run);

/// <summary>Makes sure that somebody works on the run.</summary>
public sealed record WakeRun(string Run) : RunMessage(Run);

/// <summary>Pauses the run; answered with its status.</summary>
public sealed record PauseRun(string Run) : RunMessage(Run);

/// <summary>Resumes the run; answered with its status.</summary>
public sealed record ResumeRun(string Run) : RunMessage(Run);

/// <summary>Ends the run for good; answered with its status.</summary>
public sealed record StopRun(string Run, string Reason) : RunMessage(Run);

/// <summary>Gives the run another priority, from its next requests on; answered with its status.</summary>
public sealed record PrioritizeRun(string Run, int Priority) : RunMessage(Run);

/// <summary>Asks where the run stands.</summary>
public sealed record DescribeRun(string Run) : RunMessage(Run);

/// <summary>Asks for the best proxies.</summary>
public sealed record ListLeaders(string Run) : RunMessage(Run);

/// <summary>
/// Deletes the run with its events and its report; answered with <see cref="RunDeleted"/>, or refused where it is worked on.
/// </summary>
public sealed record DeleteRun(string Run) : RunMessage(Run);

/// <summary>A run is deleted.</summary>
/// <param name="Run">Its name.</param>
public sealed record RunDeleted(string Run);

/// <summary>A run message cannot be carried out.</summary>
/// <param name="Reason">Why.</param>
/// <param name="IsUnknown">Whether there is no such run.</param>
/// <param name="IsAway">Whether its owner is away for a moment, so that another try may do.</param>
public sealed record RunRefused(string Reason, bool IsUnknown = false, bool IsAway = false);

/// <summary>Terms or scores wanted of an architecture batch.</summary>
/// <param name="Batch">The batch's key, which is its entity id.</param>
/// <param name="Run">Who asks. Part of the request's identity and of nothing else: two runs share what is loaded.</param>
/// <param name="NumericProfile">What the terms must be computed with.</param>
/// <param name="Request">What is wanted.</param>
public sealed record BatchRequest(string Batch, string Run, string NumericProfile, TermRequest Request)
{
    /// <summary>What it is asked for, for those who trace it: a W3C traceparent; null where nobody does.</summary>
    public string? Trace { get; init; }

    /// <summary>The weight of who asks among others on the same device.</summary>
    public int Priority { get; init; } = DeviceShare.Standard;

    /// <summary>Who asks, for the devices.</summary>
    public DeviceShare Share => new(Run, Priority);
}

/// <summary>
/// A batch has a request and will answer or refuse it, unless its node is lost. Where the answer comes at once this is left out.
/// </summary>
/// <param name="Id">The request's.</param>
/// <param name="Attempt">The request's.</param>
public sealed record RequestTaken(long Id, int Attempt);

/// <summary>Why terms are not delivered.</summary>
public enum RefusalCause
{
    /// <summary>The batch has more waiting than it takes, is moving, or its database is away: ask again later.</summary>
    Busy,

    /// <summary>The device failed; another try may do.</summary>
    Failed,

    /// <summary>No device like this will ever deliver it.</summary>
    Impossible,
}

/// <summary>Terms are not delivered.</summary>
/// <param name="Id">The request's.</param>
/// <param name="Attempt">The request's.</param>
/// <param name="Cause">Whether asking again helps.</param>
/// <param name="Reason">In words.</param>
public sealed record TermsRefused(long Id, int Attempt, RefusalCause Cause, string Reason);

/// <summary>Asks a node what it computes with.</summary>
public sealed record DescribeDevice
{
    /// <summary>The only one.</summary>
    public static readonly DescribeDevice Instance = new();
}

/// <summary>Asks a batch to finish what it is at and to leave this node.</summary>
public sealed record Drain
{
    /// <summary>The only one.</summary>
    public static readonly Drain Instance = new();
}
