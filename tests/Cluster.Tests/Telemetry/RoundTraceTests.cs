using System.Collections.Concurrent;
using System.Diagnostics;
using LPZero.Cluster.Tests.Devices;
using LPZero.Messages;
using LPZero.Messages.Control;

namespace LPZero.Cluster.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class RoundTraceTests
{
    [Fact]
    public async Task Each_round_is_a_trace_of_what_was_collected_computed_stored_and_decided()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => TelemetryNames.All.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var folder = Directory.CreateTempSubdirectory("lpzero-trace-").FullName;
        var devices = new FakeDevices();

        var (events, _) = await LocalRun.ToEndAsync(
            Path.Combine(folder, "lpzero.db"),
            new StartRequest(Synthetic.Run, Synthetic.Configuration with { Iterations = 5 }, Synthetic.Benchmark), devices);

        Directory.Delete(folder, recursive: true);
        var rounds = ended.Where(activity => activity.OperationName == "round").ToList();
        Assert.Equal(events.Count(line => line.Contains("\"roundScored\"", StringComparison.Ordinal)), rounds.Count);
        Assert.All(rounds, round =>
        {
            Assert.Null(round.ParentId);
            Assert.Equal(Synthetic.Run, round.GetTagItem("lpzero.run"));
            var steps = ended.Where(step => step.ParentId == round.Id).ToList();
            Assert.Equal(["collect", "decide", "store"], steps.Select(step => step.OperationName));
            Assert.All(ended.Where(part => part.ParentId == steps[0].Id), part =>
            {
                Assert.Equal(round.TraceId, part.TraceId);
                Assert.Contains(part.OperationName, new[] { "compute", "store" });
            });
        });

        // What the held-out set needs is computed for the report, and for no round.
        var computed = ended.Where(activity => activity.OperationName == "compute").ToList();
        Assert.InRange(computed.Count, 1, devices.ComputedRequests - 1);
        Assert.All(computed, part => Assert.Contains(
            ended, store => store.OperationName == "store" && store.ParentId == part.ParentId
                && Equals(store.GetTagItem("lpzero.request"), part.GetTagItem("lpzero.request"))));
    }
}
