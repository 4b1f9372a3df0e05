using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using LPZero.GpuNode.Devices;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Seed.Hosting;

/// <summary>One process of a cluster.</summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan JournalCheck = TimeSpan.FromMilliseconds(100);

    private readonly NodeOptions options;
    private readonly Database database;
    private readonly IDeviceSet? devices;
    private readonly IHost host;
    private readonly ILogger log;

    private Node(NodeOptions options, Database database, IDeviceSet? devices, IHost host)
    {
        this.devices = devices;
        this.options = options;
        this.database = database;
        this.host = host;
        log = host.Services.GetRequiredService<ILogger<Node>>();
    }

    /// <summary>Puts a node together; nothing listens yet.</summary>
    /// <param name="options">The node.</param>
    /// <param name="database">What the nodes share.</param>
    /// <param name="devices">Its devices, if it has role gpu.</param>
    /// <param name="palette">Adds commands that call the search service to a coordinator's actor system, if any.</param>
    /// <exception cref="SearchServiceException">The options would let anyone in.</exception>
    public static Node Create(
        NodeOptions options, Database database, IDeviceSet? devices,
        Action<AkkaConfigurationBuilder, Func<ISearchService>>? palette = null)
    {
        options.Security.Check(options.ControlHost);
        if (options.ControlHost is not { } address)
        {
            // Without a control API nothing listens but the cluster port.
            var bare = Host.CreateEmptyApplicationBuilder(settings: null);
            Configure(bare, options, database, devices, palette);
            return new Node(options, database, devices, bare.Build());
        }

        // Not what a file of settings in the working folder, which may be gone, says of web servers.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder, options, database, devices, palette);
        ControlServer.Add(builder, server => server.ListenOn(address, options.ControlPort, options.Security), options.Limits);
        var application = builder.Build();
        application.MapHealth();
        if (options.Telemetry.Metrics)
        {
            application.MapMetrics().GuardedBy(options.Security);
        }

        if (options.IsCoordinator)
        {
            ControlServer.Use(application, application.Services.GetRequiredService<ISearchService>, options.Security, options.Limits);
        }
        else
        {
            application.UseRateLimiter();
        }

        return new Node(options, database, devices, application);
    }

    private static void Configure(
        IHostApplicationBuilder builder, NodeOptions options, Database database, IDeviceSet? devices,
        Action<AkkaConfigurationBuilder, Func<ISearchService>>? palette)
    {
        builder.Logging.AddNodeLog(options.Telemetry.LogFormat);
        builder.AddExporters(
            options.Telemetry, string.Create(CultureInfo.InvariantCulture, $"{options.PublicHost ?? options.Host}:{options.Port}"));
        DatabaseHealth.Add(builder.Services, database, options.IsCoordinator);
        builder.Services.Configure<HostOptions>(settings => settings.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(30));
        builder.Services.AddAkka(ClusterNames.System, (akka, services) =>
        {
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka.WithSearchCluster(options, new SqlNodeDirectory(database), devices);
            if (options.IsCoordinator)
            {
                akka.WithCoordinators(options, database);
                palette?.Invoke(akka, services.GetRequiredService<ISearchService>);
            }

            if (devices is not null)
            {
                akka.WithGpuNodes(options, devices, new SqlTermCache(database), new SqlAttemptLog(database));
            }
        });
        if (options.IsCoordinator)
        {
            builder.Services.AddSingleton<ISearchService>(services =>
            {
                var system = services.GetRequiredService<ActorSystem>();
                return new ActorSearchService(
                    services.GetRequiredService<ActorRegistry>().Get<RunRegion>(), new SqlRunDirectory(database), new RunReader(database),
                    new TermCollector(
                        system, new SqlTermCache(database), new ClusterGpuNodes(system), options.Coordinator, TimeProvider.System),
                    new ClusterMembers(system), TimeProvider.System);
            });
        }
    }

    /// <summary>Joins the cluster and works until interrupted, or until the cluster has expelled this node.</summary>
    /// <exception cref="DatabaseLocationException">The database cannot be used.</exception>
    /// <exception cref="AddressException">The node cannot listen where its options say.</exception>
    /// <exception cref="NodeEndedException">The node could not go on, without anybody asking it to leave.</exception>
    public async Task RunAsync(CancellationToken interrupt)
    {
        var port = ListeningAddress.OfCluster(options);
        await port.CheckAsync(interrupt);
        if (ListeningAddress.OfControl(options) is { } control)
        {
            await control.CheckAsync(interrupt);
        }

        if (options.Tls is null && !ApiSecurity.IsLoopback(options.Host))
        {
            log.LogWarning(
                "THE CLUSTER PORT IS OPEN: whoever reaches {Host}:{Port} can command the cluster. Give every node --cluster-certificate " +
                "and --cluster-ca, or keep the port on a network of your own", options.Host, options.Port);
        }

        await new DatabaseWait(TimeProvider.System, Warn).UseAsync(
            async () =>
            {
                await database.CreateTablesAsync();
                return database.Id;
            },
            interrupt);
        if (options.IsCoordinator)
        {
            await using var turn = await JournalTurnAsync(interrupt);
            await StartAsync(port, interrupt);
            await StartJournalAsync(interrupt);
        }
        else
        {
            await StartAsync(port, interrupt);
        }

        SystemdState.Follow(host);
        var hopeless = NodeHealth.Get(host.Services.GetRequiredService<ActorSystem>()).Hopeless;
        if (await Task.WhenAny(host.WaitForShutdownAsync(interrupt), hopeless) == hopeless)
        {
            using var patience = new CancellationTokenSource(LastWords);
            await host.StopAsync(patience.Token);
            throw new SearchServiceException($"this node can never work: {await hopeless}");
        }

        if (devices is not null && log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation("left the cluster after computing {Terms} terms", devices.Describe().ComputedTerms);
        }

        if (NodeEnding.CauseOf(CoordinatedShutdown.Get(host.Services.GetRequiredService<ActorSystem>()).ShutdownReason) is { } cause)
        {
            throw cause;
        }
    }

    /// <summary>Releases what the node holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)host).DisposeAsync();
        await database.DisposeAsync();
    }

    private void Warn(string line) => log.LogWarning("{Line}", line);

    /// <summary>Waits until no other node starts its journal, with a line about it now and then.</summary>
    private Task<IAsyncDisposable> JournalTurnAsync(CancellationToken interrupt)
    {
        var waiting = new CalmLog(Warn, TimeProvider.System.GetUtcNow);
        return database.JournalStartAsync(
            () => waiting.Warning("waiting for another node that starts its journal in the same database"), interrupt);
    }

    private async Task StartJournalAsync(CancellationToken interrupt)
    {
        var persistence = Akka.Persistence.Persistence.Instance.Apply(host.Services.GetRequiredService<ActorSystem>());
        persistence.JournalFor(null);
        persistence.SnapshotStoreFor(null);
        var hopeless = NodeHealth.Get(host.Services.GetRequiredService<ActorSystem>()).Hopeless;
        var began = TimeProvider.System.GetTimestamp();
        while (!hopeless.IsCompleted && !await HasJournalAsync())
        {
            if (TimeProvider.System.GetElapsedTime(began) > options.JournalTimeout)
            {
                // Others may have more luck: the turn is theirs, and a supervisor tries here again.
                await host.StopAsync(interrupt);
                throw new NodeEndedException(
                    $"the journal did not start within {options.JournalTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: " +
                    "see the lines above, and whether tables can be made in the database");
            }

            await Task.Delay(JournalCheck, interrupt);
        }
    }

    private async Task<bool> HasJournalAsync()
    {
        try
        {
            return await database.HasJournalAsync();
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            return false; // the journal itself waits for the database, and says so
        }
    }

    private async Task StartAsync(ListeningAddress port, CancellationToken interrupt)
    {
        try
        {
            await host.StartAsync(interrupt);
        }
        catch (Exception failure) when (port.Explain(failure) is not null)
        {
            throw port.Explain(failure)!; // somebody took the port just now
        }
    }
}
