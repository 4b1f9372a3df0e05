using System.Text.Json;
using LPZero.Cluster.Tests.Devices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class InstrumentsTests
{
    private const long Memory = 1L << 30;

    [Fact]
    public async Task A_run_is_counted_as_its_events_and_its_devices_say()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-instruments-").FullName;
        var devices = new FakeDevices();
        using var measured = new RecordedMeasurements();

        var (lines, report) = await LocalRun.ToEndAsync(
            Path.Combine(folder, "lpzero.db"), new StartRequest(Synthetic.Run, Synthetic.Configuration, Synthetic.Benchmark), devices);

        Directory.Delete(folder, recursive: true);
        Assert.NotNull(report);
        var events = lines.Select(line => JsonSerializer.Deserialize<SearchEvent>(line, MessageJson.Options)!).ToList();
        var outcomes = events.OfType<RoundScored>().SelectMany(round => round.Outcomes).ToList();
        Assert.Equal(
            new Dictionary<string, double>
            {
                [$"run={Synthetic.Run} outcome=valid"] = outcomes.Count(outcome => outcome.Fitness is not null),
                [$"run={Synthetic.Run} outcome=invalid"] = outcomes.Count(outcome => outcome.Fitness is null),
            },
            measured.ByTags("lpzero.evaluations"));
        Assert.Equal(
            events.OfType<RoundProposed>().SelectMany(round => round.RuleHits).GroupBy(hits => hits.Key, hits => (double)hits.Value)
                .ToDictionary(rule => $"rule={rule.Key}", rule => rule.Sum()),
            measured.ByTags("lpzero.proxies.pruned"));
        Assert.Equal(events.OfType<RoundScored>().Count(), measured.Of("lpzero.round.duration").Count);
        Assert.Equal(devices.ComputedTerms, measured.Of("lpzero.terms.computed").Sum());
        Assert.NotEqual(0, measured.Of("lpzero.terms.known").Sum());
        Assert.Equal(devices.ComputedRequests, measured.Of("lpzero.batch.request.duration").Count);
        Assert.Equal(devices.ComputedRequests, measured.Of("lpzero.terms.write.duration").Count);

        // Nobody owns it any more, and while somebody did it was in one state after the other.
        Assert.Equal(["state=finished", "state=new", "state=running"], measured.ByTags("lpzero.runs").Keys.Order(StringComparer.Ordinal));
        Assert.All(measured.ByTags("lpzero.runs").Values, count => Assert.Equal(0, count));
        Assert.InRange(measured.Of("lpzero.journal.write.duration").Count, 1, events.Count);
        Assert.Equal(0, measured.Of("lpzero.run.problems").Sum());
    }

    [Fact]
    public async Task Devices_show_what_they_hold_until_they_are_disposed()
    {
        var target = new ProbedNetwork(
            new FlexiBertGenotype(16, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 32, 1)]),
            Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes));
        using var measured = new RecordedMeasurements();
        using (var devices = new DeviceThreads(["cpu", "cpu"], Memory, () => new FusedEvaluator()))
        {
            await devices.EvaluateAsync(
                new TermRequest(1, 1, target, [new ChainSet(InputKind.A, [Chain.Of(UnaryOperation.Abs)])]),
                new DeviceShare("run"), () => Task.FromResult(true), CancellationToken.None);
            measured.Observe();

            Assert.NotEqual(0, devices.Describe().LoadedBytes);
            Assert.Equal(
                new Dictionary<string, double> { ["device=cpu"] = devices.Describe().LoadedBytes },
                measured.ByTags("lpzero.device.memory.loaded"));
        }

        Assert.Equal([Memory], measured.Of("lpzero.device.memory.budget"));
        Assert.Equal([0], measured.Of("lpzero.device.queue"));
        Assert.InRange(measured.ByTags("lpzero.device.memory.used")["device=cpu"], 1, double.MaxValue);

        measured.Observe();

        Assert.Single(measured.Of("lpzero.device.queue"));
    }
}
