using Akka.Actor;
using Akka.Hosting;
using LPZero.GpuNode.Devices;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Cluster.Tests.Hosting;

/// <summary>A node without a process of its own: the real actor system, remoting and sharding, with made-up devices.</summary>
internal sealed class InProcessNode : IAsyncDisposable
{
    private readonly IHost host;

    private InProcessNode(IHost host, ActorSearchService? service)
    {
        this.host = host;
        Service = service;
    }

    /// <summary>The search service, on a coordinator node.</summary>
    public ActorSearchService? Service { get; }

    /// <summary>Starts a node and waits until it is up.</summary>
    /// <param name="options">The node.</param>
    /// <param name="database">What the nodes share.</param>
    /// <param name="devices">Its devices, if it has role gpu.</param>
    /// <param name="publicPort">The port that its peers use, where it is not the node's own.</param>
    public static async Task<InProcessNode> StartAsync(
        NodeOptions options, Database database, IDeviceSet? devices, int? publicPort = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddAkka(ClusterNames.System, akka =>
        {
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers());
            akka.WithSearchCluster(options, new SqlNodeDirectory(database), devices);
            if (options.IsCoordinator)
            {
                akka.WithCoordinators(options, database);
            }

            if (devices is not null)
            {
                akka.WithGpuNodes(options, devices, new SqlTermCache(database), new SqlAttemptLog(database));
            }

            if (publicPort is { } port)
            {
                akka.AddHocon($"akka.remote.dot-netty.tcp.public-port = {port}", HoconAddMode.Prepend);
            }
        });
        var built = builder.Build();
        await built.StartAsync();
        var system = built.Services.GetRequiredService<ActorSystem>();
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberUp(up.SetResult);
        await up.Task.WaitAsync(TimeSpan.FromMinutes(2));
        var service = options.IsCoordinator
            ? new ActorSearchService(
                built.Services.GetRequiredService<ActorRegistry>().Get<RunRegion>(), new SqlRunDirectory(database), new RunReader(database),
                new TermCollector(
                    system, new SqlTermCache(database), new ClusterGpuNodes(system), options.Coordinator, TimeProvider.System),
                new ClusterMembers(system), TimeProvider.System)
            : null;
        return new InProcessNode(built, service);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
