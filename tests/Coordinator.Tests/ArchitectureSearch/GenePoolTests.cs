using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Randomness;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Tests.ArchitectureSearch;

public sealed class GenePoolTests
{
    private static readonly string[][] Spaces =
    [
        [
            "flexibert:128:SA/SDP-h2-f512x1,DSC/5-h4-f1024x3",
            "flexibert:256:LT/DCT-h4-f512x3,SA/WMA-h2-f512x1,SA/SDP-h4-f1024x1,DSC/9-h2-f512x3",
        ],
        ["gpt2:d512-e256-k2:h8-f1024,h4-f900", "gpt2:d256-e128-k1-v19/33-p64:h2-f300", "gpt2:d384-e256-k4:h4-f900,h8-f2000,h2-f512"],
        ["hw-gpt:d768-b1:h12-m4,h8-m2", "hw-gpt:d384-b0:h4-m3,h8-m4,h12-m2"],
        ["open-lm:d512-l8-h4", "open-lm:d96-l3-h2", "open-lm:d1024-l24-h8"],
    ];

    public static TheoryData<string> Names() => [.. Spaces.Select(texts => texts[0].Split(':')[0])];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_genotype_is_made_again_of_its_genes_and_all_that_comes_of_a_pool_has_the_values_of_its_examples(string space)
    {
        var examples = ExamplesOf(space);
        Assert.All(examples, example => Assert.Equal(example, example.With(example.Genes!)));
        var pool = GenePool.Of(examples)!;
        var random = new SplittableRandom(7);
        var known = new HashSet<Genotype>(examples);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            var drawn = pool.Draw(ref random);
            var mutated = pool.Mutate(drawn, ref random);
            var crossed = GenePool.Cross(drawn, mutated, ref random);
            Assert.NotEqual(drawn, mutated);
            Assert.True(pool.Distance(drawn, mutated) > 0);
            Assert.Equal(0, pool.Distance(drawn, drawn));
            Assert.Equal(pool.Distance(drawn, mutated), pool.Distance(mutated, drawn), 1e-12);
            Assert.All(new[] { drawn, mutated, crossed }, genotype => AssertOfValues(examples, genotype.Genes!));
            known.Add(drawn);
        }

        Assert.True(known.Count > examples.Count + 10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutation_redraws_one_thing_and_every_kind_of_thing_now_and_then(string space)
    {
        var examples = ExamplesOf(space);
        var pool = GenePool.Of(examples)!;
        var random = new SplittableRandom(3);
        var kinds = new HashSet<string>();
        foreach (var _ in Enumerable.Range(0, 300))
        {
            var (before, after) = (examples[^1].Genes!, pool.Mutate(examples[^1], ref random).Genes!);
            var network = before.Network.Zip(after.Network).Count(pair => pair.First != pair.Second);
            var layers = before.Layers.Zip(after.Layers)
                .Sum(layer => layer.First.Zip(layer.Second).Count(gene => gene.First != gene.Second));
            var isDepth = before.Layers.Length != after.Layers.Length;
            Assert.True(isDepth ? network == 0 : network + layers == 1, $"{before} {after}");
            kinds.Add(isDepth ? "depth" : network == 1 ? "network" : "layer");
        }

        Assert.Equal(space == "open-lm" ? ["network"] : ["depth", "layer", "network"], kinds.Order());
    }

    [Fact]
    public void A_layer_that_one_parent_lacks_comes_from_the_other()
    {
        var (first, second) = (ExamplesOf("hw-gpt")[0], ExamplesOf("hw-gpt")[1]);
        var random = new SplittableRandom(1);
        var depths = new HashSet<int>();
        foreach (var _ in Enumerable.Range(0, 40))
        {
            var child = GenePool.Cross(first, second, ref random).Genes!;
            depths.Add(child.Layers.Length);
            Assert.All(child.Layers.Index(), layer => Assert.Contains(
                string.Join(' ', layer.Item),
                new[] { first, second }.Where(parent => parent.Genes!.Layers.Length > layer.Index)
                    .Select(parent => string.Join(' ', parent.Genes!.Layers[layer.Index]))));
        }

        Assert.Equal([2, 3], depths.Order());
    }

    [Fact]
    public void Recorded_networks_have_no_genes()
    {
        var recorded = SearchSpaces.Known.Parse($"{InputsSpace.SpaceName}:{new string('a', 64)}:2:16:0:8:8:/tmp/net.safetensors");
        Assert.Null(GenePool.Of([recorded]));
        Assert.Null(GenePool.Of([]));
        Assert.Throws<InvalidOperationException>(() => recorded.With(new Genes([], [])));
    }

    private static List<Genotype> ExamplesOf(string space) =>
        [.. Spaces.Single(texts => texts[0].StartsWith($"{space}:", StringComparison.Ordinal)).Select(SearchSpaces.Known.Parse)];

    private static void AssertOfValues(List<Genotype> examples, Genes genes)
    {
        Assert.Contains(genes.Layers.Length, examples.Select(example => example.Genes!.Layers.Length));
        Assert.All(genes.Network.Index(), gene => Assert.Contains(gene.Item, examples.Select(e => e.Genes!.Network[gene.Index])));
        Assert.All(genes.Layers.SelectMany(layer => layer.Index()), gene =>
            Assert.Contains(gene.Item, examples.SelectMany(e => e.Genes!.Layers).Select(layer => layer[gene.Index])));
    }
}
