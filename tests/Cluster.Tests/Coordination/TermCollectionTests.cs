using LPZero.Cluster.Coordination;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Coordination;

public sealed class TermCollectionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CoordinatorSettings Settings = new() { RequestTimeout = TimeSpan.FromSeconds(15), RefusedDelay = TimeSpan.FromSeconds(1) };

    [Fact]
    public void A_request_without_an_answer_is_repeated_after_twice_as_long_each_time()
    {
        var collection = Begin();
        // Nobody answers for two minutes.
        Assert.Equal([0, 15, 45, 105], Sent(collection, from: 0, to: 120));
    }

    [Fact]
    public void After_the_loss_of_a_node_what_is_under_way_is_asked_for_again_and_again_soon()
    {
        var collection = Begin();
        Sent(collection, from: 0, to: 20);
        collection.Hasten(Start + TimeSpan.FromSeconds(21));
        // The first may get lost on its way to the node that is no more.
        Assert.Equal([21, 22, 24, 28, 36], Sent(collection, from: 21, to: 50));
    }

    /// <summary>At which of these seconds requests are sent.</summary>
    private static List<int> Sent(TermCollection collection, int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Where(second => collection.Due(Start + TimeSpan.FromSeconds(second)).Count > 0)];

    private static TermCollection Begin()
    {
        var configuration = Synthetic.Configuration;
        var table = new TermTable(1, configuration.ElementReduction, configuration.TensorReduction);
        var probe = configuration.Probe(Synthetic.Benchmark.Sizes);
        var network = Synthetic.Benchmark.Architectures[0].Genotype.Resolve(Shapes.Genotype);
        var collection = new TermCollection(table, [new ProbedNetwork(network, probe)], ["batch"], TermPlan.OnlyNeeded, Settings, firstId: 0);
        collection.Begin([ProxyText.ParseBranch("mean(A)")]);
        return collection;
    }
}
