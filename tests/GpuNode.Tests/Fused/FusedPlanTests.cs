using System.Collections.Immutable;
using LPZero.GpuNode.Fused;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.Messages.Proxies;
using Xunit.Abstractions;

namespace LPZero.GpuNode.Tests.Fused;

public sealed class FusedPlanTests(ITestOutputHelper output)
{
    [Fact]
    public void Chains_of_up_to_two_operations_agree_with_the_oracle()
    {
        var chains = ConnectedChains.Of(0).Concat(ConnectedChains.Of(1)).Concat(ConnectedChains.Of(2)).ToImmutableArray();
        foreach (var tensor in SampleTensors.Small)
        {
            AssertAgrees(chains, tensor, disturbances: 12);
        }
    }

    [Fact]
    public void Chains_of_two_operations_agree_with_the_oracle_on_a_tensor_of_many_tiles() =>
        AssertAgrees(ConnectedChains.Of(2), SampleTensors.Big, disturbances: 1);

    [Fact]
    public void Chains_of_three_to_ten_operations_agree_with_the_oracle()
    {
        var random = new Random(7);
        foreach (var tensor in SampleTensors.Small)
        {
            var chains = Enumerable.Range(0, 150).Select(_ => RandomChain(random, random.Next(3, 11))).ToImmutableArray();
            AssertAgrees(chains, tensor, disturbances: 12);
        }
    }

    [Fact]
    public void Every_chain_of_three_operations_agrees_with_the_oracle() =>
        AssertAgrees(ConnectedChains.Of(3), SampleTensors.Small[1], disturbances: 12);

    [Fact]
    public void A_chain_has_the_same_bits_alone_as_among_others()
    {
        var chains = ConnectedChains.Of(1).Concat(ConnectedChains.Of(2)).ToImmutableArray();
        var plan = FusedPlan.For([.. chains, .. ConnectedChains.Of(3)]);
        foreach (var tensor in SampleTensors.Small)
        {
            var together = Evaluate(plan, tensor).Means;
            for (var i = 0; i < chains.Length; i += 3)
            {
                Assert.Equal(together[i], Evaluate(FusedPlan.For([chains[i]]), tensor).Means[0]);
            }
        }
    }

    [Fact]
    public void Threads_and_used_scratch_do_not_change_a_bit()
    {
        var plan = FusedPlan.For(ConnectedChains.Of(2));
        var expected = SampleTensors.Small.Select(t => Evaluate(plan, t).Means).ToList();
        Parallel.For(0, 4, _ =>
        {
            var scratch = new FusedScratch();
            Evaluate(FusedPlan.For(ConnectedChains.Of(1)), SampleTensors.Small[5], scratch);
            for (var i = SampleTensors.Small.Count - 1; i >= 0; i--)
            {
                Assert.Equal(expected[i], Evaluate(plan, SampleTensors.Small[i], scratch).Means);
            }
        });
    }

    [Fact]
    public void Evaluation_allocates_nothing_once_the_scratch_has_grown()
    {
        var chains = ConnectedChains.Of(2);
        var plan = FusedPlan.For(chains);
        var scratch = new FusedScratch();
        var (means, counts) = (new double[chains.Length], new long[chains.Length]);
        var tensors = SampleTensors.Small.ToArray();
        foreach (var tensor in tensors)
        {
            plan.Evaluate(tensor.Elements, tensor.Rows, means, counts, scratch);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var tensor in tensors)
        {
            plan.Evaluate(tensor.Elements, tensor.Rows, means, counts, scratch);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_tensor_is_only_read()
    {
        var tensor = SampleTensors.Small[1];
        var before = tensor.Elements.ToArray();
        Evaluate(FusedPlan.For(ConnectedChains.Of(2)), tensor);
        Assert.Equal(before, tensor.Elements);
    }

    [Fact]
    public void A_disconnected_chain_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => FusedPlan.For([Chain.Of(UnaryOperation.Log, UnaryOperation.Disconnect)]));
        Assert.Contains("disconnected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_and_results_of_wrong_sizes_are_refused()
    {
        var plan = FusedPlan.For([Chain.Empty]);
        var scratch = new FusedScratch();
        Assert.Throws<ArgumentException>(() => plan.Evaluate([], 1, new double[1], new long[1], scratch));
        Assert.Throws<ArgumentException>(() => plan.Evaluate(new float[6], 4, new double[1], new long[1], scratch));
        Assert.Throws<ArgumentException>(() => plan.Evaluate(new float[6], 0, new double[1], new long[1], scratch));
        Assert.Throws<ArgumentException>(() => plan.Evaluate(new float[6], 2, new double[2], new long[1], scratch));
    }

    private static Chain RandomChain(Random random, int length)
    {
        // Numbers end what is interesting, so operations that make one come late or not at all.
        var operations = Enum.GetValues<UnaryOperation>().Where(o => o != UnaryOperation.Disconnect).ToList();
        var elementwise = operations.Where(o => !UnaryOperations.MakesNumber(o)).ToList();
        return new Chain([.. Enumerable.Range(0, length)
            .Select(i => i < length - 2 ? elementwise[random.Next(elementwise.Count)] : operations[random.Next(operations.Count)])]);
    }

    private static (double[] Means, long[] Counts) Evaluate(FusedPlan plan, SampleTensor tensor, FusedScratch? scratch = null)
    {
        var means = new double[plan.Chains.Length];
        var counts = new long[means.Length];
        plan.Evaluate(tensor.Elements, tensor.Rows, means, counts, scratch ?? new FusedScratch());
        return (means, counts);
    }

    private void AssertAgrees(ImmutableArray<Chain> chains, SampleTensor tensor, int disturbances)
    {
        var (means, counts) = Evaluate(FusedPlan.For(chains), tensor);
        output.WriteLine(FloatAgreement.Assert(chains, tensor, means, counts, disturbances));
    }
}
