using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using LPZero.Seed.Hosting;

namespace LPZero.Cluster.Tests.Hosting;

public sealed class LostSightTests
{
    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }
          cluster {
            min-nr-of-members = 1
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            failure-detector { heartbeat-interval = 100ms, acceptable-heartbeat-pause = 500ms, expected-response-after = 100ms }
          }
        }
        """);

    [Fact]
    public async Task An_unreachable_member_is_named_with_those_who_have_lost_sight_of_it()
    {
        using var staying = ActorSystem.Create("sight", Settings);
        using var lost = ActorSystem.Create("sight", Settings);
        var cluster = Akka.Cluster.Cluster.Get(staying);
        var address = Akka.Cluster.Cluster.Get(lost).SelfAddress;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (up, unreachable) = (new TaskCompletionSource(), new TaskCompletionSource());
        staying.ActorOf(Props.Create(() => new Watcher(address, up, unreachable)));
        await cluster.JoinAsync(cluster.SelfAddress, patience.Token);
        await Akka.Cluster.Cluster.Get(lost).JoinAsync(cluster.SelfAddress, patience.Token);
        await up.Task.WaitAsync(patience.Token);
        Assert.Empty(new ClusterMembers(staying).Describe().Unreachable);

        await lost.Terminate(); // without a word to the others

        await unreachable.Task.WaitAsync(patience.Token);
        var seen = Assert.Single(new ClusterMembers(staying).Describe().Unreachable);
        Assert.Equal(address.ToString(), seen.Node);
        Assert.Equal([cluster.SelfAddress.ToString()], seen.ObservedBy);
        await staying.Terminate();
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(Address address, TaskCompletionSource up, TaskCompletionSource unreachable)
        {
            Receive<ClusterEvent.MemberUp>(member => Complete(member.Member, up));
            Receive<ClusterEvent.UnreachableMember>(member => Complete(member.Member, unreachable));
            Akka.Cluster.Cluster.Get(Context.System).Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp),
                typeof(ClusterEvent.UnreachableMember));

            void Complete(Member member, TaskCompletionSource about)
            {
                if (member.Address.Equals(address))
                {
                    about.TrySetResult();
                }
            }
        }
    }
}
