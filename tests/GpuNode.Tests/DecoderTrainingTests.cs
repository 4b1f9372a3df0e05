using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests;

public sealed class DecoderTrainingTests
{
    private const int Vocabulary = 6;

    private static readonly EmbeddingSizes Sizes = new(Vocabulary, null, 12);
    private static readonly TrainingSettings Settings = new(
        Steps: 200, BatchSize: 8, SequenceLength: 12, LearningRate: 0.01, WarmupSteps: 10, MaskedShare: 0, GradientNorm: 1,
        ValidationSequences: 70);

    [Theory]
    [InlineData("gpt2:d16-e16-k1-v6-p12:h2-f32,h4-f16")]
    [InlineData("gpt2:d16-e8-k1-v6-p12:h2-f32")]
    public void A_decoder_learns_to_go_on_with_a_rhythm(string genotype)
    {
        // A step of 1 or 5 that is the sequence's own: the second token is a guess, the others follow from the two before them.
        var outcome = Train(genotype, new Steps());
        Assert.InRange(outcome.Loss, 0.8 * Math.Log(2) / 11, 0.3);
        Assert.InRange(outcome.Accuracy, 0.9, 1);
    }

    [Fact]
    public void A_decoder_does_not_see_what_it_is_to_predict()
    {
        var outcome = Train("gpt2:d16-e16-k1-v6-p12:h2-f32,h4-f16", new Noise());
        Assert.InRange(outcome.Loss, 0.98 * Math.Log(Vocabulary), 1.2 * Math.Log(Vocabulary));
    }

    [Fact]
    public void A_result_is_a_function_of_the_seeds()
    {
        const string Genotype = "gpt2:d16-e8-k1-v6-p12:h2-f32";
        Assert.Equal(Train(Genotype, new Steps(), steps: 3), Train(Genotype, new Steps(), steps: 3));
        Assert.NotEqual(Train(Genotype, new Steps(), steps: 3), Train(Genotype, new Steps(), steps: 3, weightsSeed: 2));
    }

    [Fact]
    public void Several_clusters_of_tokens_are_refused() => Assert.Contains("several clusters",
        ArchitectureTraining.FindProblem(Gpt2Genotype.Parse("gpt2:d16-e16-k2-v3/6-p12:h2-f32"), Sizes, Settings, 1L << 40),
        StringComparison.Ordinal);

    [Fact]
    public void What_does_not_fit_the_tokens_is_refused() => Assert.Contains("the network has 7 tokens, the mini-batch 6",
        ArchitectureTraining.FindProblem(Gpt2Genotype.Parse("gpt2:d16-e16-k1-v7-p12:h2-f32"), Sizes, Settings, 1L << 40),
        StringComparison.Ordinal);

    private static TrainingOutcome Train(string genotype, ITokenSource tokens, int? steps = null, ulong weightsSeed = 1) =>
        ArchitectureTraining.Run(
            Gpt2Genotype.Parse(genotype), Sizes, tokens, Settings with { Steps = steps ?? Settings.Steps, WarmupSteps = 1 }, 1, weightsSeed,
            CancellationToken.None);

    /// <summary>Counts up or down through the vocabulary.</summary>
    private sealed class Steps : ITokenSource
    {
        public int Vocabulary => DecoderTrainingTests.Vocabulary;

        public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
        {
            var (start, step) = (random.Next(Vocabulary), random.Next(2) == 0 ? 1 : Vocabulary - 1);
            for (var i = 0; i < sequence.Length; i++)
            {
                sequence[i] = (start + (i * step)) % Vocabulary;
            }
        }
    }

    /// <summary>Draws every token on its own.</summary>
    private sealed class Noise : ITokenSource
    {
        public int Vocabulary => DecoderTrainingTests.Vocabulary;

        public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
        {
            for (var i = 0; i < sequence.Length; i++)
            {
                sequence[i] = random.Next(Vocabulary);
            }
        }
    }
}
