using System.Globalization;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode;

/// <summary>
/// Trains one architecture to predict tokens, masked or the next ones as its space has it, and measures it on held-out sequences.
/// </summary>
public static class ArchitectureTraining
{
    private const int ValidationBatch = 64;

    // All weights are one tensor, which is filled through a span.
    private const long MostWeights = int.MaxValue / sizeof(float);
    private const long MostTokens = 1 << 24;

    /// <summary>Why an architecture cannot be trained, in one line, or null where it can.</summary>
    /// <param name="network">The network, with its shapes resolved.</param>
    /// <param name="sizes">Sizes of the embedding.</param>
    /// <param name="settings">How it is to be trained.</param>
    /// <param name="memory">Bytes that there are.</param>
    public static string? FindProblem(Genotype network, EmbeddingSizes sizes, TrainingSettings settings, long memory)
    {
        if (network is not ITrainableGenotype trainable)
        {
            return Untrained(network);
        }

        var probed = new ProbedNetwork(network, new ProbeSettings(
            settings.BatchSize, settings.SequenceLength, WeightsSeed: 0, BatchSeed: 0, WeightSelection.All, sizes));
        if ((probed.FindProblem() ?? trainable.FindProblemOfTraining()) is { } problem)
        {
            return problem;
        }

        var weights = network.Describe(sizes, settings.SequenceLength).Parameters!.Total + trainable.ParametersOfTask(sizes);
        if (weights > MostWeights)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{weights:N0} weights are more than {MostWeights:N0}; give smaller sizes");
        }

        var batch = Math.Max(settings.BatchSize, Math.Min(ValidationBatch, settings.ValidationSequences));
        var tokens = (long)batch * settings.SequenceLength;
        if (tokens > MostTokens)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{batch} sequences of {settings.SequenceLength} tokens are more than {MostTokens:N0} tokens; give fewer");
        }

        // Values, gradients and both averages of Adam stay beside what a forward and a backward pass take.
        var needed = Network.MemoryOf(probed).Peak + (4 * sizeof(float) * weights);
        return needed <= memory ? null : string.Create(CultureInfo.InvariantCulture,
            $"a training step of {settings.BatchSize}x{settings.SequenceLength} tokens needs about {needed / 1e6:N0} MB of " +
            $"{memory / 1e6:N0} MB; give smaller sizes or a smaller batch");
    }

    /// <summary>
    /// Trains on the calling thread alone. Every architecture of a benchmark sees the same sequences in the same order;
    /// the result is a function of the arguments, whatever other threads do.
    /// </summary>
    /// <param name="network">The network, with its shapes resolved.</param>
    /// <param name="sizes">Sizes of the embedding; an encoder takes the last token id for the mask.</param>
    /// <param name="tokens">Where the sequences come from.</param>
    /// <param name="settings">How it is trained.</param>
    /// <param name="dataSeed">Seed of the sequences and of what is masked.</param>
    /// <param name="weightsSeed">Seed of the first weights.</param>
    /// <param name="cancellation">Ends the training between two steps.</param>
    /// <exception cref="OperationCanceledException">The training was ended.</exception>
    public static TrainingOutcome Run(
        Genotype network,
        EmbeddingSizes sizes,
        ITokenSource tokens,
        TrainingSettings settings,
        ulong dataSeed,
        ulong weightsSeed,
        CancellationToken cancellation)
    {
        var trainable = network as ITrainableGenotype ?? throw new ArgumentException(Untrained(network), nameof(network));
        TorchThreads.UseOne();
        using var scope = NewDisposeScope();
        var trained = trainable.StartTraining(sizes, settings, weightsSeed);
        var optimizer = new Adam(trained.Weights.Values, settings.GradientNorm);
        for (var step = 0; step < settings.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new RandomSequence(dataSeed, $"training.{step}");
            var batch = trained.Draw(tokens, TokenSplit.Training, random, settings.BatchSize);
            if (!Step(trained, optimizer, batch, LearningRate(settings, step)))
            {
                return new TrainingOutcome(double.NaN, double.NaN);
            }
        }

        return Validate(trained, tokens, settings, dataSeed);
    }

    private static string Untrained(Genotype network) => $"networks of the space '{network.Space}' are not trained here";

    private static bool Step(ITrainable trained, Adam optimizer, TrainingBatch batch, double learningRate)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(trained.Predict(batch), tensor(batch.Wanted));
        var gradients = CheckedCalls.Gradients(loss, trained.Weights.Parameters);
        return optimizer.Step(cat([.. gradients.Select(gradient => gradient.reshape(-1))]), learningRate);
    }

    private static TrainingOutcome Validate(ITrainable trained, ITokenSource tokens, TrainingSettings settings, ulong dataSeed)
    {
        var random = new RandomSequence(dataSeed, "validation");
        var (loss, right, count) = (0.0, 0L, 0L);
        for (var done = 0; done < settings.ValidationSequences; done += ValidationBatch)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var size = Math.Min(ValidationBatch, settings.ValidationSequences - done);
            var batch = trained.Draw(tokens, TokenSplit.Validation, random, size);
            var logits = trained.Predict(batch);
            var wanted = tensor(batch.Wanted);
            loss += nn.functional.cross_entropy(logits, wanted, reduction: nn.Reduction.Sum).item<float>();
            right += logits.argmax(1).eq(wanted).sum().item<long>();
            count += batch.Wanted.Length;
        }

        return new TrainingOutcome(loss / count, (double)right / count);
    }

    private static double LearningRate(TrainingSettings settings, int step) => settings.LearningRate * (step < settings.WarmupSteps
        ? (step + 1.0) / settings.WarmupSteps
        : (double)(settings.Steps - step) / (settings.Steps - settings.WarmupSteps));
}
