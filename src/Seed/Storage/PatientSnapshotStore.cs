using Akka.Actor;
using Akka.Persistence.Sql.Snapshot;

namespace LPZero.Seed.Storage;

/// <summary>
/// The snapshot store, which after a failed start waits before the next one, and tells the node where it can never start.
/// </summary>
/// <param name="configuration">The plugin's.</param>
public sealed class PatientSnapshotStore(Akka.Configuration.Config configuration) : SqlSnapshotStore(configuration), IWithTimers
{
    private readonly PluginRestarts restarts = PluginRestarts.Get(Context.System, nameof(PatientSnapshotStore));

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        restarts.Note(Context.System, "the snapshot store cannot work", cause);
        base.AroundPreRestart(cause, message);
    }

    /// <inheritdoc/>
    protected override void PreStart() => restarts.Start(base.PreStart, Timers, Stash, BecomeStacked, UnbecomeStacked);
}
