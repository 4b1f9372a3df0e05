using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests;

public class ArchitectureTrainingTests
{
    private const int Vocabulary = 6;

    private static readonly EmbeddingSizes Sizes = new(Vocabulary + 1, 16, 12);
    private static readonly TrainingSettings Settings = new(
        Steps: 150, BatchSize: 8, SequenceLength: 12, LearningRate: 0.01, WarmupSteps: 10, MaskedShare: 0.2, GradientNorm: 1,
        ValidationSequences: 70);

    public static TheoryData<MixingOperation> MixingOperations => [.. Enum.GetValues<MixingOperation>()];

    [Fact]
    public void A_network_learns_to_fill_in_a_rhythm()
    {
        // Without the rhythm a masked token costs ln 6 = 1.79 nats.
        var outcome = Train(Network(MixingOperation.Convolution5), new Rhythm());
        Assert.InRange(outcome.Loss, 0, 0.9);
        Assert.InRange(outcome.Accuracy, 0.6, 1);
    }

    [Fact]
    public void What_cannot_be_predicted_is_not_learnt()
    {
        var outcome = Train(Network(MixingOperation.Convolution5), new Noise());
        Assert.InRange(outcome.Loss, 0.98 * Math.Log(Vocabulary), 1.2 * Math.Log(Vocabulary));
        Assert.InRange(outcome.Accuracy, 0, 0.3);
    }

    [Theory]
    [MemberData(nameof(MixingOperations))]
    public void Every_operation_trains_to_a_finite_loss(MixingOperation operation)
    {
        var outcome = Train(Network(operation), new Rhythm(), steps: 3);
        Assert.True(double.IsFinite(outcome.Loss));
    }

    [Fact]
    public async Task A_result_is_a_function_of_the_seeds_whatever_other_threads_do()
    {
        var network = Network(MixingOperation.WeightedMultiplicative);
        var alone = Train(network, new Rhythm(), steps: 5);
        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Train(network, new Rhythm(), steps: 5))));
        Assert.All(together, outcome => Assert.Equal(alone, outcome));
        Assert.NotEqual(alone, Train(network, new Rhythm(), steps: 5, weightsSeed: 2));
    }

    [Fact]
    public void A_divergent_training_has_no_finite_loss()
    {
        var settings = Settings with { Steps = 40, LearningRate = 1e30, WarmupSteps = 0 };
        var outcome = ArchitectureTraining.Run(
            Network(MixingOperation.ScaledDotProduct), Sizes, new Rhythm(), settings, 1, 1, CancellationToken.None);
        Assert.False(double.IsFinite(outcome.Loss));
    }

    [Fact]
    public void An_ended_training_says_so()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            ArchitectureTraining.Run(Network(MixingOperation.ScaledDotProduct), Sizes, new Rhythm(), Settings, 1, 1, ended.Token));
    }

    [Fact]
    public void A_network_that_is_not_built_here_is_not_trained() => Assert.Equal("networks of the space 'inputs' are not trained here",
        ArchitectureTraining.FindProblem(SearchSpaces.Known.Parse("inputs:abc:2:16:100:10:10:recorded"), Sizes, Settings, 1L << 40));

    private static FlexiBertGenotype Network(MixingOperation operation) =>
        new(16, [new FlexiBertLayer(operation, 2, 16, 1), new FlexiBertLayer(operation, 2, 16, 3)]);

    private static TrainingOutcome Train(FlexiBertGenotype network, ITokenSource tokens, int? steps = null, ulong weightsSeed = 1) =>
        ArchitectureTraining.Run(network, Sizes, tokens, Settings with { Steps = steps ?? Settings.Steps, WarmupSteps = 1 }, 1, weightsSeed,
            CancellationToken.None);

    /// <summary>Counts through the vocabulary from a random start.</summary>
    private sealed class Rhythm : ITokenSource
    {
        public int Vocabulary => ArchitectureTrainingTests.Vocabulary;

        public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
        {
            var start = random.Next(Vocabulary);
            for (var i = 0; i < sequence.Length; i++)
            {
                sequence[i] = (start + i) % Vocabulary;
            }
        }
    }

    /// <summary>Draws every token on its own.</summary>
    private sealed class Noise : ITokenSource
    {
        public int Vocabulary => ArchitectureTrainingTests.Vocabulary;

        public void Draw(TokenSplit split, RandomSequence random, Span<int> sequence)
        {
            for (var i = 0; i < sequence.Length; i++)
            {
                sequence[i] = random.Next(Vocabulary);
            }
        }
    }
}
