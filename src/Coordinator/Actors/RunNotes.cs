using Akka.Actor;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// Tells the directory where a run stands and what it has used, each where that has changed: one note after the other, so that the last
/// one stays. What comes of a note is told to the owner.
/// </summary>
/// <param name="record">The run as the directory knows it.</param>
/// <param name="runs">The directory.</param>
/// <param name="owner">Whoever is told.</param>
internal sealed class RunNotes(ClusterRun record, IRunDirectory runs, IActorRef owner)
{
    private (SearchPhase Phase, string? Problem) noted = (record.Phase, record.Problem);
    private (SearchPhase Phase, string? Problem) wanted = (record.Phase, record.Problem);
    private RunUsage? usage;
    private bool isNoting;
    private bool isNotingUsage;

    /// <summary>Whether all that was to be noted is stored.</summary>
    public bool AreDone => !isNoting && !isNotingUsage;

    /// <summary>Notes where the run stands.</summary>
    public void Note(SearchPhase phase, string? problem)
    {
        wanted = (phase, problem);
        if (isNoting || wanted == noted)
        {
            return;
        }

        isNoting = true;
        noted = wanted;
        Task.Run(() => runs.NoteAsync(record.Name, phase, problem)).PipeTo(owner, success: () => Noted.Instance, failure: Failed);
    }

    /// <summary>Notes what the run has used.</summary>
    public void Note(RunUsage used)
    {
        if (isNotingUsage || used == usage)
        {
            return;
        }

        isNotingUsage = true;
        usage = used;
        Task.Run(() => runs.NoteUsageAsync(record.Name, used)).PipeTo(owner, success: () => UsageNoted.Instance, failure: Failed);
    }

    /// <summary>The owner was told that a note is stored; the next one is begun.</summary>
    public void Take(Noted stored)
    {
        isNoting = false;
        Note(wanted.Phase, wanted.Problem);
    }

    /// <summary>The owner was told that a note of use is stored.</summary>
    public void Take(UsageNoted stored) => isNotingUsage = false;

    private static OwnerFailed Failed(Exception failure) => new("the run's record cannot be written", failure);

    /// <summary>A note of where the run stands is stored.</summary>
    public sealed record Noted
    {
        public static readonly Noted Instance = new();
    }

    /// <summary>A note of what the run has used is stored.</summary>
    public sealed record UsageNoted
    {
        public static readonly UsageNoted Instance = new();
    }
}
