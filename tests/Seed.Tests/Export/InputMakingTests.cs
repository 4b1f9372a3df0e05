using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Export;

namespace LPZero.Seed.Tests.Export;

public class InputMakingTests
{
    private static readonly PredictorProbe Probe =
        PredictorProbes.Of(new SearchConfiguration { Preset = "default", BatchSize = 4, SequenceLength = 64 });

    [Fact]
    public void Networks_are_built_and_passed_once_as_the_run_did_it() => Assert.Equal(
        """
        Build the network in eval mode with random weights: linear maps, convolutions and embeddings from
        normal(0, 0.02), biases 0, normalisations 1 and 0.
        Run one forward and one backward pass on one mini-batch of 4 x 64 token ids,
        drawn from a Zipf distribution of exponent 1 over the vocabulary, the same for all networks.
        The loss of the backward pass is (output * R).sum(), where R is a fixed random tensor of +1 and -1 in the shape of the
        output, the hidden states behind the last layer.
        """.ReplaceLineEndings("\n"),
        InputMaking.Of("flexibert", Probe));

    [Theory]
    [InlineData("flexibert", LossKind.Signs, "(output * R).sum()")]
    [InlineData("flexibert", LossKind.Sum, "output.sum()")]
    [InlineData("flexibert", LossKind.Masked, "cross entropy of what it hides")]
    [InlineData("gpt2", LossKind.Signs, "cross entropy of the next token")]
    [InlineData("hw-gpt", LossKind.Signs, "cross entropy of the next token")]
    [InlineData("open-lm", LossKind.Signs, "cross entropy of the next token")]
    [InlineData("unheard-of", LossKind.Signs, "that of the space 'unheard-of'")]
    public void The_loss_is_that_of_the_space_and_of_the_run(string space, LossKind loss, string said)
    {
        var text = InputMaking.Of(space, Probe with { Loss = loss });
        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Equal(said.Contains('R', StringComparison.Ordinal), text.Contains("* R", StringComparison.Ordinal));
        Assert.Equal(said == "output.sum()", text.Contains("output.sum()", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_as_trained_and_the_training_mode_are_said()
    {
        var text = InputMaking.Of("gpt2", Probe with { Start = WeightStart.AsTrained, Mode = ProbeMode.Training });
        Assert.Contains(
            "in train mode (a dropout of 0.1) with random weights as those with which training begins in the space 'gpt2'.", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("0.02", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_recorded_inputs_nothing_is_said_that_the_run_did_not_decide()
    {
        var text = InputMaking.Of("inputs", Probe);
        Assert.Contains("lpzero.collect", text, StringComparison.Ordinal);
        Assert.DoesNotMatch("0.02|4 x 64|Zipf|sum|eval", text);
    }
}
