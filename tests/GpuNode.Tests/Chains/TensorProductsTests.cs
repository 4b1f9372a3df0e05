using System.Collections.Immutable;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Tests.Evaluation;
using LPZero.GpuNode.Tests.Proxies;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Chains;

/// <summary>Products of tensors as an architecture host computes them.</summary>
[Collection(LiveTensors.Name)]
public sealed class TensorProductsTests
{
    private static readonly ProbedNetwork Target = Evidence.Mixed;

    [Fact]
    public void Every_product_is_the_mean_of_plain_loops_over_both_results()
    {
        ImmutableArray<Branch> products =
        [
            .. new[]
            {
                "W * G", "abs(W) * abs(G)", "exp(W) * square(G)", "square(exp(W)) * normalize(square(G))", "softmax(W) * normalize(G)",
                "exp(W) * min_max(W)", "negate(sigmoid(square(W))) * G",
            }.Select(ProxyText.ParseBranch),
        ];
        using var host = new ArchitectureHost(new FusedEvaluator(), 1L << 40);
        var block = Evaluate(host, products);
        var (w, g) = (Tensors(host, InputKind.W), Tensors(host, InputKind.G));
        Assert.Equal(w.Length, block.TensorsPerLayer.Sum());
        for (var row = 0; row < products.Length; row++)
        {
            for (var column = 0; column < w.Length; column++)
            {
                var factor = products[row].Chain.Factor!;
                var left = Results(w[column], products[row].Chain);
                var right = Results((factor.Input == InputKind.W ? w : g)[column], factor.Chain);
                var expected = left.Zip(right, (a, b) => (double)a * b).Average();
                var scale = left.Zip(right, (a, b) => Math.Abs((double)a * b)).Average();
                var at = (row * w.Length) + column;
                Assert.Equal(expected, block.Means.Span[at], 2e-5 * scale);
                Assert.Equal(left.Length, block.Counts.Span[at]);
            }
        }
    }

    [Fact]
    public void Snip_is_the_sum_over_all_elements_of_the_product_of_absolute_weights_and_gradients()
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), 1L << 40);
        var block = Evaluate(host, [ProxyText.ParseBranch("abs(W) * abs(G)")]);
        var layers = block.LayerValues(0, Reduction.Sum, Reduction.Sum);

        using var evidence = Evidence.Of(Target);
        var snip = DesignedProxies.Find("snip")!.Score(evidence).Number!.Value;
        Assert.Equal(snip, layers.Sum(), 1e-5 * snip);
        Assert.All(layers.Zip(evidence.Layers), pair => Assert.Equal(
            pair.Second.Maps.Sum(map => NetworkEvidence.Total((map.Weight * map.Gradient).abs())), pair.First, 1e-5 * pair.First));

        // Synaptic saliency is the same of the feed-forward maps, whose tensors the term keeps apart.
        var saliency = DesignedProxies.Find("synaptic-saliency")!.Score(evidence).Number!.Value;
        var ofFeedForward = evidence.Maps.Index().Where(map => map.Item.Shape.IsFeedForward)
            .Sum(map => block.Means.Span[map.Index] * block.Counts.Span[map.Index]);
        Assert.Equal(saliency, ofFeedForward, 1e-5 * saliency);
    }

    [Fact]
    public void Chains_and_products_of_an_input_are_answered_with_one_block_whatever_evaluates_the_chains()
    {
        var product = ProxyText.ParseBranch("exp(W) * G");
        foreach (var name in TermEvaluators.Names)
        {
            using var host = new ArchitectureHost(TermEvaluators.Factory(name, 1L << 28)(), 1L << 40);
            var both = Evaluate(host, [new Branch(InputKind.W, Chain.Of(UnaryOperation.Exp)), product]);
            Assert.Equal([Chain.Of(UnaryOperation.Exp), product.Chain], both.Chains.AsEnumerable());
            Assert.Equal(Evaluate(host, [product]).Means.ToArray(), both.Means.Slice(both.Means.Length / 2).ToArray());
        }
    }

    [Fact]
    public void Little_memory_gives_the_same_bits_and_leaves_no_tensor_behind()
    {
        ImmutableArray<Branch> products =
        [
            .. from left in new[] { "W", "exp(square(W))", "abs(square(W))", "sigmoid(exp(square(W)))" }
               from right in new[] { "G", "normalize(exp(G))", "square(exp(G))" }
               select ProxyText.ParseBranch($"{left} * {right}"),
        ];
        double[] generous = [], tight = [];
        Assert.Equal(0, LiveTensors.LeftBehind(() => generous = Means(1L << 40)));
        var least = MemoryBudget.Needed(GpuNode.Spaces.Network.MemoryOf(Target), new OpByOpEvaluator(0), hasProducts: true);
        Assert.Equal(0, LiveTensors.LeftBehind(() => tight = Means(least)));
        Assert.Equal(generous, tight);

        double[] Means(long budget)
        {
            using var host = new ArchitectureHost(new OpByOpEvaluator(0), budget);
            return Evaluate(host, products).Means.ToArray();
        }
    }

    [Fact]
    public void A_product_that_exceeds_the_budget_is_refused_before_it_is_computed()
    {
        var evaluator = new OpByOpEvaluator(0);
        var target = Probing.Target(Probing.Network(512, (MixingOperation.ScaledDotProduct, 1)), batch: 1, length: 2);
        var budget = MemoryBudget.Needed(GpuNode.Spaces.Network.MemoryOf(target), evaluator, hasProducts: true) - 1;
        using var host = new ArchitectureHost(evaluator, budget);
        var product = ProxyText.ParseBranch("W * G");
        Assert.Throws<BatchTooLargeException>(
            () => host.Evaluate(new TermRequest(1, 1, target, [new ChainSet(InputKind.W, [product.Chain])])));
        Assert.Equal(0, host.LoadedCount);
    }

    [Theory]
    [InlineData("mean(W) * G")]
    [InlineData("A * H")]
    public void What_is_no_product_of_tensors_is_refused(string term)
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), 1L << 40);
        Assert.Contains("no product of tensors", Assert.Throws<ArgumentException>(
            () => Evaluate(host, [ProxyText.ParseBranch(term)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FusedEvaluator().Evaluate(
            InputKind.W, [], [ProxyText.ParseBranch("W * G").Chain]));
        Assert.Throws<ArgumentException>(() => new OpByOpEvaluator().Evaluate(
            InputKind.W, [], [ProxyText.ParseBranch("W * G").Chain]));
    }

    private static TermBlock Evaluate(ArchitectureHost host, ImmutableArray<Branch> terms) => host.Evaluate(new TermRequest(
        1, 1, Target, [new ChainSet(terms[0].Input, [.. terms.Select(term => term.Chain)])])).Blocks.Single();

    private static Tensor[] Tensors(ArchitectureHost host, InputKind input) => [.. host.Load(Target)[input].SelectMany(layer => layer)];

    private static float[] Results(Tensor tensor, Chain chain) => new FloatOracle(
        tensor.data<float>().ToArray(), (int)tensor.shape[0], disturbance: 0).Elements(new Chain(chain.Operations));
}
