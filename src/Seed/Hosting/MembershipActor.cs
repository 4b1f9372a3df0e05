using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Hosting;

/// <summary>
/// Brings this node into the cluster and watches that it is in the right one. It joins the living nodes that the database
/// knows of, else the seeds; only where nobody lives may the first seed begin a cluster. Once it is a member it notes in
/// the database that it lives. It ends the node where the cluster has another database, and where a node that owns no runs
/// has been without a coordinator for too long: its cluster may be an island.
/// </summary>
internal sealed class MembershipActor : ReceiveActor, IWithTimers, IDisposable
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string Name = "membership";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly NodeOptions options;
    private readonly INodeDirectory nodes;
    private readonly string databaseRole;
    private readonly Akka.Cluster.Cluster cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly CancellationTokenSource ended = new();
    private readonly DatabaseWait database;
    private readonly Dictionary<UniqueAddress, Member> members = [];
    private readonly string address;
    private ImmutableArray<string> contacts = [];

    /// <summary>The membership of a node.</summary>
    /// <param name="options">The node.</param>
    /// <param name="nodes">The living nodes.</param>
    public MembershipActor(NodeOptions options, INodeDirectory nodes)
    {
        this.options = options;
        this.nodes = nodes;
        databaseRole = ClusterNames.DatabaseRole(nodes.DatabaseId);
        database = new DatabaseWait(TimeProvider.System, log.Warning);
        address = string.Create(CultureInfo.InvariantCulture, $"{cluster.SelfAddress.Host}:{cluster.SelfAddress.Port}");
        Receive<Tick>(_ => Use(IsMember ? BeatAsync : OthersAsync));
        Receive<Others>(others =>
        {
            Join(others.Addresses);
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, Interval);
        });
        Receive<Status.Failure>(failure => End(failure.Cause));
        Receive<ClusterEvent.MemberUp>(up =>
        {
            members[up.Member.UniqueAddress] = up.Member;
            Look();
        });
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            members.Remove(removed.Member.UniqueAddress);
            Look();
        });
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<Alone>(_ => End(new NodeEndedException(string.Create(CultureInfo.InvariantCulture,
            $"there has been no coordinator for {options.CoordinatorAway.TotalSeconds} s: start one, and this node again"))));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsMember => members.ContainsKey(cluster.SelfUniqueAddress);

    // A node of its own without --join is the first seed of its cluster, like one that --join names first.
    private bool MayBegin => options.Seeds is [] || options.Seeds[0] == address;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        var (directory, self) = (nodes, address);
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterShutdown, "forget-node", async () =>
        {
            await directory.LeaveAsync(self);
            return Akka.Done.Instance;
        });
        Self.Tell(Tick.Instance);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        ended.Cancel();
        Dispose();
        cluster.Unsubscribe(Self);
    }

    /// <inheritdoc/>
    public void Dispose() => ended.Dispose();

    private void Use(Func<Task<Others>> use)
    {
        var interrupt = ended.Token;
        Task.Run(() => database.UseAsync(use, interrupt), interrupt).PipeTo(Self);
    }

    private async Task<Others> OthersAsync() => new(await nodes.OthersAsync(address, MayBegin));

    private async Task<Others> BeatAsync()
    {
        await nodes.BeatAsync(address);
        return new([]);
    }

    private void Join(ImmutableArray<string> living)
    {
        if (IsMember)
        {
            return;
        }

        // Akka.NET lets whoever comes first in the list begin a cluster when no other answers.
        var seeds = options.Seeds.Where(seed => seed != address);
        ImmutableArray<string> wanted = living.IsEmpty && MayBegin ? [address, .. seeds] : [.. living.Concat(seeds).Distinct()];
        if (!wanted.SequenceEqual(contacts))
        {
            contacts = wanted;
            cluster.JoinSeedNodes(wanted.Select(AddressOf).ToImmutableList());
        }
    }

    /// <summary>Looks who is there.</summary>
    private void Look()
    {
        if (!IsMember && members.Count == 0)
        {
            return;
        }

        // The database of a cluster is that of its oldest member.
        var oldest = members.Values.Aggregate((one, other) => one.IsOlderThan(other) ? one : other);
        if (!oldest.HasRole(databaseRole))
        {
            End(new DatabaseLocationException(
                $"the cluster of {oldest.Address.Host}:{oldest.Address.Port?.ToString(CultureInfo.InvariantCulture)} has another " +
                "database than this node: give both the same"));
        }
        else if (options.IsCoordinator || members.Values.Any(member => member.HasRole(ClusterNames.Coordinator)))
        {
            Timers.Cancel(nameof(Alone));
        }
        else if (!Timers.IsTimerActive(nameof(Alone)))
        {
            Timers.StartSingleTimer(nameof(Alone), Alone.Instance, options.CoordinatorAway);
        }
    }

    private static void End(Exception cause) => CoordinatedShutdown.Get(Context.System).Run(new NodeEnding(cause));

    /// <summary>All nodes speak as this one does.</summary>
    private Address AddressOf(string node)
    {
        var colon = node.LastIndexOf(':');
        return new Address(
            cluster.SelfAddress.Protocol, ClusterNames.System, node[..colon],
            int.Parse(node.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private sealed record Others(ImmutableArray<string> Addresses);

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Alone
    {
        public static readonly Alone Instance = new();
    }
}
