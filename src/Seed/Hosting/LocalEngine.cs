using Akka.Actor;
using Akka.Hosting;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Seed.Control;
using LPZero.Seed.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LPZero.Seed.Hosting;

/// <summary>
/// The engine on one machine: the actors of a cluster in an actor system without a network, in the process of the command. It works on what
/// it is asked for alone; runs that others have left unfinished it leaves alone, unless it is to serve them all.
/// </summary>
public sealed class LocalEngine : IAsyncDisposable
{
    // The longest that a device is at one request, as where a node is drained.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(2);

    // The owner is in this process: it never is away, but begins slowly on a machine that is busy with much else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Standard output is the command's, and what goes wrong is said by the one who waits for it.
    internal const string Quiet = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """;

    private readonly IHost host;
    private readonly ActorRegistry regions;

    private LocalEngine(IHost host, ISearchService service)
    {
        this.host = host;
        Service = service;
        regions = host.Services.GetRequiredService<ActorRegistry>();
        Hopeless = NodeHealth.Get(host.Services.GetRequiredService<ActorSystem>()).Hopeless;
    }

    /// <summary>What can be asked of it.</summary>
    public ISearchService Service { get; }

    /// <summary>Completes with the reason when the database can never work for this process.</summary>
    public Task<string> Hopeless { get; }

    /// <summary>Starts the engine.</summary>
    /// <param name="database">Where runs and terms are; its tables are there.</param>
    /// <param name="devices">What computes terms; null where nothing is to be computed. Neither is disposed with the engine.</param>
    /// <param name="run">The run that this process may own; null where it owns none.</param>
    public static Task<LocalEngine> StartAsync(Database database, IDeviceSet? devices, string? run) =>
        StartAsync(database, devices, name => name == run);

    /// <summary>Starts the engine, and with it the work on every unfinished run that no other process works on.</summary>
    /// <param name="database">See there.</param>
    /// <param name="devices">See there.</param>
    public static async Task<LocalEngine> StartForAllRunsAsync(Database database, IDeviceSet devices)
    {
        var engine = await StartAsync(database, devices, _ => true);
        foreach (var run in await new SqlRunDirectory(database).UnfinishedAsync())
        {
            engine.regions.Get<RunRegion>().Tell(new WakeRun(run));
        }

        return engine;
    }

    private static async Task<LocalEngine> StartAsync(Database database, IDeviceSet? devices, Func<string, bool> isOwn)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.Services.AddAkka(ClusterNames.System, akka =>
        {
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers());
            akka.WithSearchMessages().WithJournal(database).WithLocalActors(database, devices, isOwn).AddHocon(Quiet, HoconAddMode.Prepend);
        });
        var built = builder.Build();
        try
        {
            await built.StartAsync();
            var system = built.Services.GetRequiredService<ActorSystem>();
            var actors = built.Services.GetRequiredService<ActorRegistry>();
            var terms = new TermCollector(
                system, new SqlTermCache(database), new LocalGpuNodes(devices, actors.Get<BatchRegion>()), new CoordinatorSettings(),
                TimeProvider.System);
            return new LocalEngine(built, new ActorSearchService(
                actors.Get<RunRegion>(), new SqlRunDirectory(database), new RunReader(database), terms, new LocalMembers(devices),
                TimeProvider.System)
            {
                AnswerTimeout = Patience,
            });
        }
        catch
        {
            built.Dispose();
            throw;
        }
    }

    /// <summary>Ends the engine: what the devices are at is finished and stored, and so is where the run stands.</summary>
    public async ValueTask DisposeAsync()
    {
        // Batches first: they tell a run's owner what they have finished.
        await DrainAsync<BatchRegion>();
        await DrainAsync<RunRegion>();
        await host.StopAsync();
        host.Dispose();
    }

    private async Task DrainAsync<TRegion>()
    {
        try
        {
            await regions.Get<TRegion>().GracefulStop(DrainTimeout, Drain.Instance);
        }
        catch (TaskCanceledException)
        {
            // What it was at is computed again, as after a kill.
        }
    }
}
