using System.Text.Json;
using LPZero.Cluster.Tests.Devices;
using LPZero.Cluster.Tests.Processes;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Hosting;

/// <summary>A node with real sharding, whose batches nobody asks for any more.</summary>
public sealed class PassivationTests
{
    [Fact]
    public async Task Idle_batches_are_unloaded_and_come_back_with_what_they_knew()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-passivation-").FullName;
        var port = Ports.Free();
        var devices = new FakeDevices();
        await using (var database = new Database(Path.Combine(folder, "lpzero.db")))
        {
            await database.CreateTablesAsync();
            await using var node = await InProcessNode.StartAsync(
                new NodeOptions
                {
                    Roles = [ClusterNames.Coordinator, ClusterNames.Gpu], Port = port, Seeds = [$"127.0.0.1:{port}"],
                    PassivateAfter = TimeSpan.FromSeconds(1),
                },
                database, devices);
            var first = await RunAsync(node, "first");
            await devices.Unloaded.Task.WaitAsync(TimeSpan.FromMinutes(1));
            var computed = devices.ComputedTerms;

            Assert.Equal(first, await RunAsync(node, "second"));
            Assert.Equal(Synthetic.ExpectedEvents().Select(happened => JsonSerializer.Serialize(happened, MessageJson.Options)), first);
            Assert.NotEqual(0, computed);
            Assert.Equal(computed, devices.ComputedTerms);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<IReadOnlyList<string>> RunAsync(InProcessNode node, string name)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await node.Service!.StartAsync(new StartRequest(name, Synthetic.Configuration, Synthetic.Benchmark), patience.Token);
        while (await node.Service.StatusAsync(name, patience.Token) is not { State: "finished", IsReporting: false })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        return await node.Service.EventsAsync(name, patience.Token);
    }
}
