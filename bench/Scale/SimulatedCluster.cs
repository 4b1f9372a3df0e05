using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using LPZero.Coordinator.Actors;
using LPZero.Seed.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Bench.Scale;

/// <summary>One coordinator's actor system and a few that hold the simulated nodes, joined over loopback.</summary>
internal sealed class SimulatedCluster : IAsyncDisposable
{
    // With the coordinator eight in all, as the figures in docs/scale.md were taken.
    private const int Systems = 7;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromMinutes(2);

    private readonly List<IHost> hosts = [];

    private SimulatedCluster()
    {
    }

    /// <summary>Starts the systems and waits until they have joined.</summary>
    public static async Task<SimulatedCluster> StartAsync(int nodes, TimeSpan service)
    {
        var cluster = new SimulatedCluster();
        var seed = FreePort();
        await cluster.AddAsync(ClusterNames.Coordinator, seed, seed, devices: null);
        for (var i = 0; i < Systems; i++)
        {
            var share = (nodes / Systems) + (i < nodes % Systems ? 1 : 0);
            var set = new SimulatedDevices(share, service);
            await cluster.AddAsync(ClusterNames.Gpu, FreePort(), seed, set);
        }

        var started = Stopwatch.StartNew();
        while (Akka.Cluster.Cluster.Get(cluster.System(0)).State.Members.Count(member => member.Status == MemberStatus.Up) <= Systems)
        {
            if (started.Elapsed > JoinLimit)
            {
                throw new InvalidOperationException("the systems do not join");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        return cluster;
    }

    /// <summary>Asks for the work and returns what was exchanged, and how long it took.</summary>
    public async Task<(Exchange Exchange, TimeSpan Elapsed)> RunAsync(Work work)
    {
        var settings = new CoordinatorSettings();
        var done = new TaskCompletionSource<Exchange>(TaskCreationOptions.RunContinuationsAsynchronously);
        var batches = new ClusterGpuNodes(System(0)).Batches(SimulatedDevices.Profile);
        var collection = work.Begin(settings);
        var started = Stopwatch.StartNew();
        System(0).ActorOf(Props.Create(() => new Asker(batches, collection, work.Networks, settings, done)));
        return (await done.Task, started.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private ActorSystem System(int index) => hosts[index].Services.GetRequiredService<ActorSystem>();

    private async Task AddAsync(string role, int port, int seed, SimulatedDevices? devices)
    {
        var options = new NodeOptions
        {
            Roles = [role],
            Port = port,
            Seeds = [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{seed}")],
            DrainTimeout = TimeSpan.FromSeconds(5),
        };
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        // Systems that stop one after the other complain of each other; the table goes to standard output alone.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddAkka(ClusterNames.System, akka =>
        {
            akka.AddHocon("akka.stdout-loglevel = OFF", HoconAddMode.Prepend);
            akka.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka.WithSearchCluster(options, new NoDirectory(), devices);
            if (devices is not null)
            {
                akka.WithGpuNodes(options, devices, new NoCache(), new NoAttempts());
            }
        });
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
