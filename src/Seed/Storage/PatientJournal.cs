using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;

namespace LPZero.Seed.Storage;

/// <summary>The journal, which after a failed start waits before the next one, and tells the node where it can never start.</summary>
/// <param name="configuration">The plugin's.</param>
public sealed class PatientJournal(Akka.Configuration.Config configuration) : SqlWriteJournal(configuration), IWithTimers
{
    private readonly PluginRestarts restarts = PluginRestarts.Get(Context.System, nameof(PatientJournal));

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        restarts.Note(Context.System, "the journal cannot work", cause);
        base.AroundPreRestart(cause, message);
    }

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        StorageInstruments.JournalWrite.MeasureAsync(() => base.WriteMessagesAsync(messages, cancellationToken));

    /// <inheritdoc/>
    protected override void PreStart() => restarts.Start(base.PreStart, Timers, Stash, BecomeStacked, UnbecomeStacked);
}
