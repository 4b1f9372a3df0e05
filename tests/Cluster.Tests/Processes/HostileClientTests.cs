using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using LPZero.Seed.Hosting;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>What a port scanner, a broken client or a node of another version sends does no harm to a run.</summary>
[Collection(nameof(SharedCluster))]
public sealed class HostileClientTests(SharedCluster shared)
{
    private const int FrameHeader = 4;

    [PostgresFact]
    public async Task Garbage_bad_handshakes_overlong_frames_unknown_manifests_and_forged_types_do_no_harm()
    {
        var cluster = shared.Cluster;
        await cluster.UntilAllUpAsync();
        var start = await cluster.NodesAsync();
        var restarts = cluster.Restarts;
        var nodes = cluster.Coordinators.Concat(cluster.Gpus).ToList();
        var (search, computed) = await SharedCluster.BeginAsync(cluster, "hostile", seed: 31, meanwhile: async () =>
        {
            foreach (var port in nodes.SelectMany(node => (int?[])[node.Port, node.ControlPort]).OfType<int>())
            {
                await SendAsync(port, Garbage(100_000, seed: port));
                await SendAsync(port, Frame(announced: int.MaxValue, Garbage(1000, seed: port)));
                await SendAsync(port, Frame(announced: -1, Garbage(1000, seed: port)));
                // A frame as long as it says, whose content is no handshake.
                await SendAsync(port, Frame(announced: 200, Garbage(200, seed: port)));
                // A handshake that is never finished.
                await SendAsync(port, Frame(announced: 200, []));
            }

            await SendStrangeMessagesAsync(nodes);
        });
        var undisturbed = shared.UndisturbedAsync(search);
        await cluster.UntilFinishedAsync(search.Name, computed);

        Assert.Equal((await undisturbed).Events, await cluster.EventsAsync(search.Name));
        Assert.Equal(restarts, cluster.Restarts);
        var end = await cluster.NodesAsync();
        Assert.Equal(start.Select(node => node.Address).Order(), end.Select(node => node.Address).Order());
        Assert.Equal((await StoredTerms.ReadAsync(cluster.Database, (await undisturbed).Terms.Networks)).Values.Count, computed.Sum);
    }

    private static byte[] Garbage(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Frame(int announced, byte[] content)
    {
        var frame = new byte[FrameHeader + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, announced);
        content.CopyTo(frame, FrameHeader);
        return frame;
    }

    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
            var answer = new byte[1024];
            while (await stream.ReadAsync(answer) > 0)
            {
                // Whatever the node answers: it hangs up in the end.
            }
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            // The node has hung up before it was told everything.
        }
    }

    /// <summary>An actor system of the right name, whose serializers write what no node knows or should read.</summary>
    private static async Task SendStrangeMessagesAsync(IEnumerable<NodeProcess> nodes)
    {
        using var stranger = ActorSystem.Create(ClusterNames.System, ConfigurationFactory.ParseString($$"""
            akka {
              stdout-loglevel = OFF
              loglevel = OFF
              actor.provider = remote
              actor.serializers.future = "{{typeof(FutureSerializer).AssemblyQualifiedName}}"
              actor.serialization-bindings."{{typeof(Future).AssemblyQualifiedName}}" = future
              actor.serializers.forger = "{{typeof(ForgingSerializer).AssemblyQualifiedName}}"
              actor.serialization-bindings."{{typeof(Forged).AssemblyQualifiedName}}" = forger
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            }
            """));
        foreach (var node in nodes)
        {
            var root = $"akka.tcp://{ClusterNames.System}@{node.Address}";
            foreach (var path in (string[])["/user/device", "/system/sharding/runs", "/system/cluster/core/daemon"])
            {
                for (var i = 0; i < 10; i++)
                {
                    stranger.ActorSelection(root + path).Tell(Future.Instance);
                }
            }

            // A node that made the type which the bytes name would answer this first.
            using var inbox = Inbox.Create(stranger);
            stranger.ActorSelection(root + "/user").Tell(Forged.Instance, inbox.Receiver);
            stranger.ActorSelection(root + "/user").Tell(new Identify(node.Name), inbox.Receiver);
            var answer = await inbox.ReceiveAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(node.Name, Assert.IsType<ActorIdentity>(answer).MessageId);
        }

        await stranger.Terminate();
    }

    private sealed class Future
    {
        public static readonly Future Instance = new();
    }

    /// <summary>Has the number of the nodes' own serializer, but comes from a version that does not exist yet.</summary>
    private sealed class FutureSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => LPZero.Seed.Wire.WireSerializer.Number;

        public override string Manifest(object o) => "batch-request-99";

        public override byte[] ToBinary(object obj) => [1, 2, 3];

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException("it only sends");
    }

    private sealed class Forged
    {
        public static readonly Forged Instance = new();
    }

    /// <summary>Has the number of Akka.NET's JSON serializer, which makes any type that the sender names.</summary>
    private sealed class ForgingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 1;

        public override string Manifest(object o) => typeof(Identify).AssemblyQualifiedName!;

        public override byte[] ToBinary(object obj) =>
            Encoding.UTF8.GetBytes($$"""{"$type":"{{typeof(Identify).AssemblyQualifiedName}}","MessageId":"forged"}""");

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException("it only sends");
    }
}
