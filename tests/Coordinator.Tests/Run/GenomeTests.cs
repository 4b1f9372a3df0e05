using LPZero.Coordinator.Run;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Tests.Randomness;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

public sealed class GenomeTests
{
    private const int Draws = 42_000;

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" };

    [Fact]
    public void Genes_are_read_back_from_the_proxy_that_they_express()
    {
        foreach (var length in Enumerable.Range(1, Chain.MaximumLength))
        {
            var genome = new Genome(
                Configuration with { UnaryOperations = length, LayerReductions = [LayerReduction.Last, LayerReduction.Sum] });
            Assert.Equal((2 * (length + 1)) + 2, genome.Count);
            var random = new SplittableRandom((ulong)length);
            var genes = new int[genome.Count];
            var read = new int[genome.Count];
            for (var i = 0; i < 200; i++)
            {
                for (var position = 0; position < genes.Length; position++)
                {
                    genes[position] = genome.Draw(position, ref random);
                }

                genome.Read(genome.Express(genes), read);
                Assert.Equal(genes, read);
            }
        }
    }

    [Fact]
    public void One_layer_reduction_is_no_gene()
    {
        var genome = new Genome(Configuration);
        Assert.Equal(7, genome.Count);
        Assert.Null(genome.Express(new int[7]).LayerReduction);
    }

    [Fact]
    public void A_known_proxy_is_padded_to_the_length_of_chains_and_takes_the_layer_reduction_where_it_is_a_gene()
    {
        var known = ProxyText.ParseProxy("sum[exp(H) * W]");
        Assert.Equal("no_op(exp(H)) * no_op(no_op(W))", new Genome(Configuration).Fit(known).ToString());
        var genome = new Genome(Configuration with { LayerReductions = [LayerReduction.Last, LayerReduction.Sum] });
        Assert.Equal(LayerReduction.Sum, genome.Fit(known).LayerReduction);
        Assert.Equal(LayerReduction.Last, genome.Fit(known with { LayerReduction = null }).LayerReduction);

        var genes = new int[genome.Count];
        genome.Read(genome.Fit(known), genes);
        Assert.Equal(genome.Fit(known), genome.Express(genes));
    }

    [Fact]
    public void Every_value_of_a_gene_is_as_likely_as_any_other()
    {
        var genome = new Genome(Configuration with { LayerReductions = [LayerReduction.Last, LayerReduction.Sum, LayerReduction.Mean] });
        int[] values = [6, 21, 21, 6, 21, 21, 4, 3];
        for (var position = 0; position < values.Length; position++)
        {
            var counts = Count(genome, position);
            Assert.Equal(values[position], counts.Length);
            Assert.InRange(ChiSquared.Statistic(counts), 0, ChiSquared.Bound(counts.Length - 1));
        }
    }

    [Fact]
    public void With_the_published_weights_disconnect_is_drawn_twice_as_often_as_each_other_operation()
    {
        var genome = new Genome(Configuration with { DrawWeights = DrawWeights.Published });
        var counts = Count(genome, 1);
        Assert.InRange(counts[(int)UnaryOperation.Disconnect], 2 * Draws / 22 * 0.95, 2 * Draws / 22 * 1.05);
        Assert.InRange(ChiSquared.Statistic(counts[..^1]), 0, ChiSquared.Bound(19));
        Assert.InRange(ChiSquared.Statistic(Count(genome, 0)), 0, ChiSquared.Bound(5));
    }

    private static int[] Count(Genome genome, int position)
    {
        var random = new SplittableRandom((ulong)position);
        return [.. Enumerable.Range(0, Draws).Select(_ => genome.Draw(position, ref random)).GroupBy(v => v).OrderBy(g => g.Key)
            .Select(g => g.Count())];
    }
}
