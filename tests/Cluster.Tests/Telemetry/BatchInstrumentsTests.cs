using Akka.Actor;
using LPZero.Cluster.Tests.Devices;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class BatchInstrumentsTests : ClusterTestKit
{
    public BatchInstrumentsTests() => IgnoreMessages(message => message is RequestTaken);

    [Fact]
    public void Terms_are_computed_once_and_found_from_then_on_and_what_is_refused_is_measured_too()
    {
        var health = NodeHealth.Get(Sys);
        var (devices, cache, attempts) = (new FakeDevices(), new MemoryTermCache(), new MemoryAttemptLog());
        var budget = new KnownTermsBudget(long.MaxValue);
        using var measured = new RecordedMeasurements();
        var batch = Sys.ActorOf(Props.Create(() => new GpuNodeActor(
            devices, cache, attempts, GpuNodeSettings.Default, budget, health)));

        batch.Tell(Request(1, [Chain.Empty]));
        ExpectMsg<TermReply>();
        batch.Tell(Request(2, [Chain.Empty, Chain.Of(UnaryOperation.Square)]));
        ExpectMsg<TermReply>();
        batch.Tell(Request(3, [Chain.Empty]) with { NumericProfile = "other arithmetic" });
        ExpectMsg<TermsRefused>();
        batch.Tell(Request(4, [Chain.Empty]));
        ExpectMsg<TermReply>();

        Assert.Equal(2, measured.Of("lpzero.terms.computed").Sum());
        Assert.Equal(2, measured.Of("lpzero.terms.found").Sum());
        Assert.Equal(
            ["outcome=answered", "outcome=refused"], measured.ByTags("lpzero.batch.request.duration").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(4, measured.Of("lpzero.batch.request.duration").Count);
    }

    private static BatchRequest Request(long id, Chain[] chains) => new("batch", Synthetic.Run, Synthetic.Profile, new TermRequest(
        id, Attempt: 1,
        new ProbedNetwork(
            Synthetic.Benchmark.Architectures[0].Genotype, new ProbeSettings(2, 4, 1, 1, WeightSelection.All, Synthetic.Benchmark.Sizes)),
        [new ChainSet(InputKind.A, [.. chains])]));
}
