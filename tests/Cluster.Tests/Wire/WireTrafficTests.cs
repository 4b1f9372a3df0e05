using System.Text;
using System.Text.Json;
using Google.Protobuf;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Hosting;
using LPZero.Cluster.Tests.Processes;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using LPZero.Seed.Wire;

namespace LPZero.Cluster.Tests.Wire;

/// <summary>A whole run on three actor systems, every byte between which is kept.</summary>
public sealed class WireTrafficTests
{
    // Akka.NET's own numbers for its JSON and its Hyperion serializer.
    private const int NewtonsoftJson = 1;
    private const int Hyperion = -5;

    [Fact]
    public async Task Nodes_speak_the_checked_in_manifests_without_names_of_types_and_without_Newtonsoft()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-wire-").FullName;
        await using var database = new Database(Path.Combine(folder, "lpzero.db"));
        await database.CreateTablesAsync();
        int[] ports = [Ports.Free(), Ports.Free(), Ports.Free()];
        WireTap[] taps = [.. ports.Select(port => new WireTap(port))];
        try
        {
            await using var first = await NodeAsync(0, ClusterNames.Coordinator, devices: null);
            await using var second = await NodeAsync(1, ClusterNames.Coordinator, devices: null);
            await using var gpu = await NodeAsync(2, ClusterNames.Gpu, new FakeDevices());
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            ISearchService[] services = [first.Service!, second.Service!];
            await services[0].StartAsync(new StartRequest(Synthetic.Run, Synthetic.Configuration, Synthetic.Benchmark), patience.Token);
            // Both ask, as only one of them owns the run.
            foreach (var service in services)
            {
                while ((await service.StatusAsync(Synthetic.Run, patience.Token)).State != "finished")
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
                }

                Assert.NotEmpty((await service.LeaderboardAsync(Synthetic.Run, patience.Token)).Entries);
                await service.NodesAsync(patience.Token);
            }

            Assert.Equal(
                Synthetic.ExpectedEvents().Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options)),
                await services[1].EventsAsync(Synthetic.Run, patience.Token));

            Task<InProcessNode> NodeAsync(int index, string role, FakeDevices? devices) => InProcessNode.StartAsync(
                new NodeOptions { Roles = [role], Port = ports[index], Seeds = [$"127.0.0.1:{taps[0].Port}"] }, database, devices,
                taps[index].Port);
        }
        finally
        {
            foreach (var tap in taps)
            {
                await tap.DisposeAsync();
            }
        }

        var frames = taps.SelectMany(tap => tap.Frames()).ToList();
        var messages = frames.SelectMany(RemoteMessage.In).ToList();
        Assert.DoesNotContain(messages, message => message.Serializer is NewtonsoftJson or Hyperion);
        var spoken = messages.Where(message => message.Serializer == WireSerializer.Number).Select(message => message.Manifest).ToHashSet();
        Assert.Subset(WireCatalog.Entries.Select(entry => entry.Manifest).ToHashSet(), spoken);
        Assert.Superset(
            new HashSet<string>
            {
                "batch-request-4", "request-taken-1", "term-reply-1", "describe-device-1", "device-description-1", "describe-run-1",
                "run-status-1", "list-leaders-1", "run-leaderboard-1",
            },
            spoken);
        foreach (var forbidden in (string[])["LPZero.", "Newtonsoft", "$type"])
        {
            Assert.DoesNotContain(frames, frame => frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(forbidden)) >= 0);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A message of Akka.NET's remoting, as far as it says how it is serialized.</summary>
    private sealed record RemoteMessage(int Serializer, string Manifest)
    {
        // Akka.NET's number for what wraps messages to an actor selection.
        private const int MessageContainer = 6;

        /// <summary>The message of a frame, if it carries one, with the one that it wraps.</summary>
        public static IEnumerable<RemoteMessage> In(byte[] frame)
        {
            // A frame holds a payload (1), which holds an envelope (2), which holds the message (2).
            return Field(frame, 1) is { } payload && Field(payload, 2) is { } envelope && Field(envelope, 2) is { } message
                ? Of(message)
                : [];
        }

        private static IEnumerable<RemoteMessage> Of(byte[] message)
        {
            var serializer = Number(message, 2);
            yield return new RemoteMessage(serializer, Encoding.UTF8.GetString(Field(message, 3) ?? []));
            if (serializer == MessageContainer && Field(message, 1) is { } selection && Field(selection, 1) is { } wrapped)
            {
                foreach (var inner in Of(wrapped))
                {
                    yield return inner;
                }
            }
        }

        private static byte[]? Field(byte[] message, int number)
        {
            var input = new CodedInputStream(message);
            while (input.ReadTag() is var tag and not 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                {
                    return input.ReadBytes().ToByteArray();
                }

                input.SkipLastField();
            }

            return null;
        }

        private static int Number(byte[] message, int number)
        {
            var input = new CodedInputStream(message);
            while (input.ReadTag() is var tag and not 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) == number)
                {
                    return input.ReadInt32();
                }

                input.SkipLastField();
            }

            return 0;
        }
    }
}
