using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests.Spaces;

public sealed class DecoderGenotypeTests
{
    [Theory]
    [InlineData("gpt2:d512-e256-k2:h8-f1024,h4-f900")]
    [InlineData("gpt2:d64-e32-k1-v33-p64:h2-f128")]
    [InlineData("gpt2:d64-e32-k4-v10/20/33:h2-f128")]
    [InlineData("hw-gpt:d768-b1:h12-m4,h8-m2")]
    [InlineData("hw-gpt:d192-b0:h4-m2")]
    [InlineData("open-lm:d512-l8-h4")]
    public void The_text_is_read_back(string text)
    {
        var genotype = Known.Parse(text);
        Assert.Equal(text, genotype.ToString());
        Assert.Equal(text.Split(':')[0], genotype.Space);
        Assert.Equal(genotype, Known.Parse(text));
        Assert.Null(genotype.FindProblem());
    }

    [Theory]
    [InlineData("gpt2:d512-e256:h8-f1024")]
    [InlineData("gpt2:d512-e256-k2:")]
    [InlineData("gpt2:d512-e256-k2:h8-f1024,")]
    [InlineData("gpt2:d512-e256-k2:h8-f10240000000")]
    [InlineData("hw-gpt:d768-b2:h12-m4")]
    [InlineData("open-lm:d512-l8-h4\n")]
    [InlineData("open-lm:d512-l-8-h4")]
    public void Another_form_is_refused_with_an_example(string text)
    {
        var error = Assert.Throws<FormatException>(() => Known.Parse(text));
        Assert.Contains("write one as " + text.Split(':')[0] + ":d", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("gpt2:d512-e256-k2:h8-f1024,h3-f900", "layer 1: hidden size 512 is not divisible by 3 heads")]
    [InlineData("gpt2:d512-e256-k2:h0-f1024", "layer 0: heads 0: give a number from 1 to 1024")]
    [InlineData("gpt2:d512-e256-k2:h8-f300000", "layer 0: feed-forward width 300000")]
    [InlineData("gpt2:d999999-e256-k2:h1-f8", "hidden size 999999")]
    [InlineData("gpt2:d512-e256-k0:h8-f8", "embedding divisor 0")]
    [InlineData("gpt2:d512-e2-k2:h8-f8", "leaves cluster 2 no width")]
    [InlineData("gpt2:d512-e256-k2-v39997/19997/50264:h8-f8", "cutoffs 39997/19997/50264: give rising ones, all below the vocabulary")]
    [InlineData("gpt2:d512-e256-k2-v60000/50264:h8-f8", "cutoffs 60000/50264: give rising ones, all below the vocabulary")]
    [InlineData("gpt2:d512-e256-k2-v1:h8-f8", "vocabulary 1")]
    [InlineData("gpt2:d512-e256-k2-p0:h8-f8", "positions 0")]
    [InlineData("hw-gpt:d768-b1:h12-m65", "feed-forward ratio 65")]
    [InlineData("hw-gpt:d768-b1:h2000-m4", "heads 2000")]
    [InlineData("hw-gpt:d0-b1:h2-m4", "hidden size 0")]
    [InlineData("open-lm:d512-l0-h4", "layers 0")]
    [InlineData("open-lm:d512-l999999999-h4", "layers 999999999")]
    [InlineData("open-lm:d512-l8-h0", "heads 0")]
    [InlineData("open-lm:d4-l8-h8", "8 heads are more than the hidden size 4")]
    public void What_cannot_be_built_is_said_in_one_line(string text, string problem)
    {
        var found = Known.Parse(text).FindProblem();
        Assert.NotNull(found);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found);
    }

    [Theory]
    [InlineData("gpt2:d512-e256-k2:h8-f1024,h4-f900")]
    [InlineData("hw-gpt:d768-b1:h12-m4,h8-m2")]
    [InlineData("open-lm:d512-l8-h4")]
    public void A_network_is_described_by_numbers_that_have_one_name_each(string text)
    {
        var structure = Known.Parse(text).Describe(new EmbeddingSizes(50264, null, 192), 64);
        Assert.Contains(structure.MainBaseline, structure.Baselines.Select(baseline => baseline.Name));
        Assert.Equal(structure.Baselines.Length, structure.Baselines.DistinctBy(baseline => baseline.Name).Count());
        Assert.Equal(structure.Features.Length, structure.Features.DistinctBy(feature => feature.Name).Count());
        // Two for each weight of a linear map, and attention beside them.
        Assert.InRange(structure.FlopsPerToken!.Value, 1.99 * structure.Parameters!.NonEmbedding, 2.5 * structure.Parameters.NonEmbedding);
    }

    [Fact]
    public void The_embedding_counts_with_the_width_that_reaches_the_hidden_states()
    {
        const double First = 0.915, Second = 0.064, Third = 0.021;
        Assert.Equal((First * 64) + (Second * 64) + (Third * 32), Width("gpt2:d64-e128-k2:h2-f128"), 1e-9);
        Assert.Equal((First * 128) + (Second * 64) + (Third * 32), Width("gpt2:d512-e128-k2:h2-f128"), 1e-9);
        Assert.Equal(64, Width("gpt2:d64-e128-k1:h2-f128"), 1e-9);
        Assert.Equal(32, Width("gpt2:d64-e32-k1-v33:h2-f128"), 1e-9);

        static double Width(string text)
        {
            var structure = Known.Parse(text).Describe(new EmbeddingSizes(50264, null, 192), 64);
            var baseline = structure.Baselines.Single(b => b.Name == "non-embedding parameters x sqrt(embedding width)").Value;
            return Math.Pow(baseline / structure.Parameters!.NonEmbedding, 2);
        }
    }

    [Fact]
    public void Networks_of_equal_text_are_one()
    {
        var one = new Gpt2Genotype { Hidden = 64, Embedding = new AdaptiveEmbedding(32, 1, [33]), Layers = [new(2, 128)] };
        Assert.Equal(Known.Parse("gpt2:d64-e32-k1-v33:h02-f128"), one);
    }

    private static SearchSpaces Known => SearchSpaces.Known;
}
