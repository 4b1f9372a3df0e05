using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Spaces;

/// <summary>Operations against counts by hand, on 2 sequences of 8 tokens.</summary>
public sealed class TimeEstimateTests
{
    [Fact]
    public void A_FlexiBERT_layer_counts_its_maps_and_the_products_of_attention()
    {
        // The embedding's projection; query, key, value and projection; scores and context; 16 to 64 and back.
        const double MultiplyAdds = (8 * 16) + (4 * 16 * 16) + (2 * 8 * 16) + (2 * 16 * 64);
        var estimate = Of("flexibert:16:SA/SDP-h2-f24x1", new EmbeddingSizes(100, 8, 32));
        Assert.Equal(2 * 2 * 8 * MultiplyAdds, estimate.Forward);
        Assert.Equal(0, estimate.Loss);
        Assert.Equal(3 * estimate.Forward, estimate.WithGradients);
        Assert.Equal((4 * ((16 * 16) + 16)) + (16 * 64) + 64 + (64 * 16) + 16 + (4 * 16), estimate.Drawn);
    }

    [Fact]
    public void The_loss_of_masked_tokens_counts_its_tables_on_15_percent_of_the_tokens()
    {
        const string Network = "flexibert:16:SA/SDP-h2-f24x1";
        var sizes = new EmbeddingSizes(100, 8, 32);
        var (signs, masked) = (Of(Network, sizes), Of(Network, sizes, LossKind.Masked));
        Assert.Equal(signs.Forward, masked.Forward);
        Assert.Equal(2 * (0.15 * 2 * 8) * ((16 * 8) + (8 * 100)), masked.Loss, 1e-9);
        Assert.Equal((3 * masked.Forward) + (2 * masked.Loss), masked.WithGradients);
        Assert.Equal(signs.Drawn + (16 * 8) + (8 * 100), masked.Drawn);
    }

    [Fact]
    public void A_decoder_predicts_every_token_but_the_first_over_the_whole_vocabulary()
    {
        // 64 wide, a head of 64, feed-forward 128; the output is the embedding's table.
        var estimate = Of("hw-gpt:d64-b0:h1-m2", new EmbeddingSizes(50254, null, 32));
        Assert.Equal(2 * 2 * 8 * (double)((4 * 64 * 64) + (2 * 8 * 64) + (2 * 64 * 128)), estimate.Forward);
        Assert.Equal(2.0 * 2 * 7 * 64 * 50254, estimate.Loss);
        Assert.Equal((4 * 64 * 64) + (2 * 64 * 128) + (6 * 64) + (64 * 50254), estimate.Drawn);
    }

    [Fact]
    public void An_output_of_its_own_counts_once_and_is_drawn_beside_the_embedding()
    {
        // SwiGLU: three maps, 256 wide at the least.
        var estimate = Of("open-lm:d48-l1-h2", new EmbeddingSizes(50432, null, 32));
        Assert.Equal(2 * 2 * 8 * (double)((4 * 48 * 48) + (2 * 8 * 48) + (3 * 48 * 256)), estimate.Forward);
        Assert.Equal(2.0 * 2 * 7 * 48 * 50432, estimate.Loss);
        Assert.Equal((4 * 48 * 48) + (3 * 48 * 256) + (3 * 48) + (2 * 48 * 50432), estimate.Drawn);
    }

    [Fact]
    public void An_adaptive_softmax_counts_rare_tokens_as_often_as_they_come()
    {
        // Clusters of 4 and 2 tokens, 8 and 4 wide; both have projections from 16; the first has a row for the second.
        double[] weights = [1, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 5.0, 1 / 6.0];
        var rare = (weights[4] + weights[5]) / weights.Sum();
        var estimate = Of("gpt2:d16-e8-k2-v4/6-p32:h2-f24", new EmbeddingSizes(6, null, 32));
        Assert.Equal(2 * 2 * 7 * ((8 * (16 + 4 + 1)) + (rare * 4 * (16 + 2))), estimate.Loss, 1e-9);
    }

    [Fact]
    public void A_share_of_the_vocabulary_is_the_share_of_the_tokens_that_are_drawn()
    {
        var probe = Probe(new EmbeddingSizes(1000, null, 512)) with { BatchSize = 64, SequenceLength = 512 };
        var tokens = MiniBatch.Tokens(probe);
        Assert.Equal(1, MiniBatch.ShareOf(1000, 0, 1000), 1e-12);
        Assert.Equal(
            tokens.Count(token => token is >= 10 and < 100) / (double)tokens.Length, MiniBatch.ShareOf(1000, 10, 100), 0.01);
    }

    [Fact]
    public void What_takes_longer_is_more_work_and_what_cannot_be_built_is_as_much_as_anything_unknown()
    {
        var sizes = new EmbeddingSizes(50254, null, 32);
        var (one, two) = (Work("hw-gpt:d64-b0:h1-m2"), Work("hw-gpt:d64-b0:h1-m2,h1-m2"));
        Assert.True(1 < one && one < two);
        Assert.Equal(1, Network.WorkOf(new ProbedNetwork(
            SearchSpaces.Known.Parse("hw-gpt:d64-b0:h1-m2"), Probe(sizes with { Vocabulary = 7 }))));

        double Work(string text) => Network.WorkOf(new ProbedNetwork(SearchSpaces.Known.Parse(text), Probe(sizes)));
    }

    private static TimeEstimate Of(string text, EmbeddingSizes sizes, LossKind loss = LossKind.Signs) =>
        Network.TimeOf(new ProbedNetwork(SearchSpaces.Known.Parse(text), Probe(sizes) with { Loss = loss }))!;

    private static ProbeSettings Probe(EmbeddingSizes sizes) => new(2, 8, 1, 1, WeightSelection.All, sizes);
}
