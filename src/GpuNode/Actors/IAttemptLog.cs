using System.Collections.Immutable;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Actors;

/// <summary>
/// What the processes of a cluster are computing, so that a request which ends its process is known for it afterwards: whoever
/// has begun it and never ended it has died of it, or at least with it.
/// </summary>
public interface IAttemptLog
{
    /// <summary>
    /// Notes that this process begins to compute what is asked of a network. Returns null; or, where that has ended two processes
    /// on one machine or three on any, the machines on which it has. Nothing is begun then, and its deaths are forgotten, so
    /// that whoever resumes the run tries anew.
    /// </summary>
    /// <param name="contentKey">The probed network's key.</param>
    /// <param name="request">What is asked of it.</param>
    Task<ImmutableArray<string>?> BeginAsync(string contentKey, TermRequest request);

    /// <summary>Notes that the process has outlived it.</summary>
    Task EndAsync(string contentKey, TermRequest request);
}
