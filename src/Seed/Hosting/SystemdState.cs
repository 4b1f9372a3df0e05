using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace LPZero.Seed.Hosting;

/// <summary>Tells systemd where a node stands, for a unit of <c>Type=notify</c>; under any other supervisor nothing is said.</summary>
internal static class SystemdState
{
    /// <summary>Says that the node is ready once it is a member of its cluster, and that it is stopping when it begins to drain.</summary>
    public static void Follow(IHost host)
    {
        var systemd = new SystemdNotifier();
        if (!systemd.IsEnabled)
        {
            return;
        }

        var member = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());
        member.RegisterOnMemberUp(() => systemd.Notify(ServiceState.Ready));
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
    }
}
