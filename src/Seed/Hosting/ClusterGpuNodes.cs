using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using LPZero.Coordinator.Actors;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Hosting;

/// <summary>The GPU nodes of a cluster.</summary>
/// <param name="system">The actor system.</param>
public sealed class ClusterGpuNodes(ActorSystem system) : IGpuNodes
{
    private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(system);

    /// <inheritdoc/>
    public void AskForDevices(IActorRef replyTo)
    {
        foreach (var member in cluster.State.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(ClusterNames.Gpu)))
        {
            DeviceOf(member.Address).Tell(DescribeDevice.Instance, replyTo);
        }
    }

    /// <inheritdoc/>
    public IActorRef Batches(string numericProfile)
    {
        var name = ClusterNames.Batches(numericProfile);
        var sharding = ClusterSharding.Get(system);
        return sharding.ShardTypeNames.Contains(name)
            ? sharding.ShardRegion(name)
            : sharding.StartProxy(name, ClusterNames.GpuRole(numericProfile), new BatchExtractor());
    }

    /// <inheritdoc/>
    public bool IsPresent(string numericProfile)
    {
        var role = ClusterNames.GpuRole(numericProfile);
        return cluster.State.Members.Any(member => member.Status == MemberStatus.Up && member.HasRole(role));
    }

    /// <inheritdoc/>
    public double WorkOf(ProbedNetwork target) => Network.WorkOf(target);

    /// <inheritdoc/>
    public void Watch(IActorRef watcher) => system.ActorOf(Props.Create(() => new MembershipWatch(watcher)));

    /// <summary>The actor that describes the devices of the node at the address.</summary>
    public ActorSelection DeviceOf(Address address) => system.ActorSelection(new RootActorPath(address) / "user" / DeviceActor.Name);

    private sealed class MembershipWatch : ReceiveActor
    {
        private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(Context.System);

        public MembershipWatch(IActorRef watcher)
        {
            Receive<ClusterEvent.MemberRemoved>(removed => Tell(removed.Member));
            Receive<ClusterEvent.MemberUp>(up => Tell(up.Member));
            Receive<Terminated>(_ => Context.Stop(Self));
            Context.Watch(watcher);

            void Tell(Member member)
            {
                if (member.HasRole(ClusterNames.Gpu))
                {
                    watcher.Tell(GpuNodesChanged.Instance);
                }
            }
        }

        protected override void PreStart() => cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved),
            typeof(ClusterEvent.MemberUp));

        protected override void PostStop() => cluster.Unsubscribe(Self);
    }
}
