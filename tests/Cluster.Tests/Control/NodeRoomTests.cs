using System.Collections.Immutable;
using Akka.TestKit.Xunit2;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Control;

public sealed class NodeRoomTests : TestKit
{
    private static readonly StartRequest Run = new("first", Synthetic.Configuration, Synthetic.Benchmark);

    private static readonly long Largest = Synthetic.Benchmark.Architectures.Max(architecture => MemoryBudget.Needed(
        Network.MemoryOf(new ProbedNetwork(
            architecture.Genotype.Resolve(Synthetic.Benchmark.Shapes), Synthetic.Configuration.Probe(Synthetic.Benchmark.Sizes))),
        new OpByOpEvaluator(memoryBudget: 0)));

    [Fact]
    public void A_run_whose_largest_network_just_fits_on_a_thread_of_some_node_can_begin()
    {
        Assert.Null(NodeRoom.FindProblem(Run, [Node(budget: 1, threads: 1), Node(2 * Largest, threads: 2)]));
    }

    [Fact]
    public void A_network_that_fits_on_no_node_is_named_with_what_it_needs_and_the_mend()
    {
        var problem = NodeRoom.FindProblem(Run, [Node(budget: 1, threads: 1), Node((2 * Largest) - 2, threads: 2)]);

        Assert.Contains("a mini-batch of 2x4 needs about", problem, StringComparison.Ordinal);
        Assert.Contains("join one with more --memory", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_node_says_what_it_has_room_for_others_may_come()
    {
        Assert.Null(NodeRoom.FindProblem(Run, []));
        Assert.Null(NodeRoom.FindProblem(Run, [new NodeListing("coordinator", [], "up", Device: null), Node(budget: 0, threads: 1)]));
    }

    [Fact]
    public async Task A_run_that_fits_on_no_node_is_refused_before_it_exists()
    {
        var service = new ActorSearchService(
            TestActor, new MemoryRunDirectory(Synthetic.Record), reader: null!, terms: null!, new Nodes([Node(budget: 1, threads: 1)]),
            TimeProvider.System);

        var refused = await Assert.ThrowsAsync<SearchServiceException>(() => service.StartAsync(Run, CancellationToken.None));

        Assert.Contains("the run cannot be begun: a mini-batch of 2x4", refused.Message, StringComparison.Ordinal);
        Assert.Equal(SearchFailure.Unfit, refused.Failure);
        ExpectNoMsg(TimeSpan.Zero);
    }

    private static NodeListing Node(long budget, int threads) =>
        new("node", [], "up", new DeviceDescription(Synthetic.Profile, threads, 0, 0, 0, budget));

    private sealed class Nodes(ImmutableArray<NodeListing> nodes) : IMembers
    {
        public Task<ImmutableArray<NodeListing>> ListAsync(CancellationToken cancellation) => Task.FromResult(nodes);

        public ClusterMembership Describe() => throw new NotSupportedException();

        public string Change(string address, MemberOperation operation) => throw new NotSupportedException();

        public Task<ShardListings> ShardsAsync(string region, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
