using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using LPZero.Coordinator.Actors;
using LPZero.Messages.Search;
using LPZero.Seed.Control;
using LPZero.Seed.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Writes the events of a run into a journal that has none of it: by the journal itself, which makes its tables where they are missing.
/// </summary>
internal static class JournalWriter
{
    /// <summary>Writes events, all or none.</summary>
    /// <param name="database">The database; its tables are there.</param>
    /// <param name="run">The run, whose lock the caller holds.</param>
    /// <param name="events">All its events.</param>
    /// <exception cref="StorageException">There are events of a run of this name, or the journal cannot be written.</exception>
    public static async Task WriteAsync(Database database, string run, IReadOnlyList<SearchEvent> events)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddAkka(ClusterNames.System, akka =>
        {
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers());
            akka.WithSearchMessages().WithJournal(database).AddHocon(LocalEngine.Quiet, HoconAddMode.Prepend);
        });
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Writer(run, events, written)));
            await written.Task;
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private sealed class Writer : ReceivePersistentActor
    {
        private readonly string run;
        private readonly TaskCompletionSource written;

        public Writer(string run, IReadOnlyList<SearchEvent> events, TaskCompletionSource written)
        {
            this.run = run;
            this.written = written;
            Recover<SearchEvent>(_ => { });
            Recover<RecoveryCompleted>(_ => Write(events));
        }

        public override string PersistenceId => RunJournal.IdOf(run);

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail("cannot be read", reason);

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail("cannot be written", cause);

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Fail("refuses an event", cause);

        private void Write(IReadOnlyList<SearchEvent> events)
        {
            if (LastSequenceNr > 0)
            {
                written.TrySetException(new StorageException($"there are events of a run '{run}' already: give another name"));
                return;
            }

            var left = events.Count;
            PersistAll(events, _ =>
            {
                if (--left == 0)
                {
                    written.TrySetResult();
                }
            });
        }

        private void Fail(string what, Exception cause) =>
            written.TrySetException(new StorageException($"the journal {what}: {cause.GetBaseException().Message}"));
    }
}
