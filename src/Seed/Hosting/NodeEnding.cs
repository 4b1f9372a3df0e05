using Akka.Actor;

namespace LPZero.Seed.Hosting;

/// <summary>Why a node shuts its actor system down by itself.</summary>
/// <param name="cause">What its process ends with.</param>
internal sealed class NodeEnding(Exception cause) : CoordinatedShutdown.Reason
{
    public Exception Cause => cause;

    /// <inheritdoc/>
    public override int ExitCode => 1; // the process's own is chosen by whoever catches the cause

    /// <summary>What the process is to end with after this shutdown; null where somebody asked for it.</summary>
    public static Exception? CauseOf(CoordinatedShutdown.Reason? reason) => reason switch
    {
        NodeEnding own => own.Cause,
        CoordinatedShutdown.ClusterDowningReason => new NodeEndedException(
            "the cluster has expelled this node, which was silent for too long or cut off from the coordinators: start it again"),
        CoordinatedShutdown.ClusterJoinUnsuccessfulReason =>
            new NodeEndedException("none of the nodes of --join let this one in: see that they run, and start it again"),
        _ => null,
    };
}
