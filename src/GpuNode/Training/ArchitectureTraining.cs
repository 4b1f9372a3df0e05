using LPZero.GpuNode.Devices;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Training;

/// <summary>Trains one architecture to predict masked tokens and measures it on held-out sequences.</summary>
public static class ArchitectureTraining
{
    private const int ValidationBatch = 64;

    /// <summary>
    /// Trains on the calling thread alone. Every architecture of a benchmark sees the same sequences in the same order;
    /// the result is a function of the arguments, whatever other threads do.
    /// </summary>
    /// <param name="network">The network, with its shapes resolved.</param>
    /// <param name="sizes">Sizes of the embedding; the last token id is the mask.</param>
    /// <param name="tokens">Where the sequences come from.</param>
    /// <param name="settings">How it is trained.</param>
    /// <param name="dataSeed">Seed of the sequences and of what is masked.</param>
    /// <param name="weightsSeed">Seed of the first weights.</param>
    /// <param name="cancellation">Ends the training between two steps.</param>
    /// <exception cref="OperationCanceledException">The training was ended.</exception>
    public static TrainingOutcome Run(
        FlexiBertGenotype network,
        EmbeddingSizes sizes,
        ITokenSource tokens,
        TrainingSettings settings,
        ulong dataSeed,
        ulong weightsSeed,
        CancellationToken cancellation)
    {
        TorchThreads.UseOne();
        using var scope = NewDisposeScope();
        var encoder = new TrainableEncoder(network, sizes, weightsSeed);
        var optimizer = new Adam(encoder.Values, settings.GradientNorm);
        for (var step = 0; step < settings.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new RandomSequence(dataSeed, $"training.{step}");
            var batch = MaskedBatch.Draw(tokens, TokenSplit.Training, random, settings.BatchSize, settings, sizes.Vocabulary - 1);
            if (!Step(encoder, optimizer, batch, settings, LearningRate(settings, step)))
            {
                return new TrainingOutcome(double.NaN, double.NaN);
            }
        }

        return Validate(encoder, sizes, tokens, settings, dataSeed);
    }

    private static bool Step(TrainableEncoder encoder, Adam optimizer, MaskedBatch batch, TrainingSettings settings, double learningRate)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(encoder.Predict(batch, settings.SequenceLength), tensor(batch.MaskedTokens));
        var gradients = autograd.grad([loss], encoder.Parameters);
        return optimizer.Step(cat([.. gradients.Select(gradient => gradient.reshape(-1))]), learningRate);
    }

    private static TrainingOutcome Validate(TrainableEncoder encoder, EmbeddingSizes sizes, ITokenSource tokens, TrainingSettings settings, ulong dataSeed)
    {
        var random = new RandomSequence(dataSeed, "validation");
        var (loss, right, count) = (0.0, 0L, 0L);
        for (var done = 0; done < settings.ValidationSequences; done += ValidationBatch)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var size = Math.Min(ValidationBatch, settings.ValidationSequences - done);
            var batch = MaskedBatch.Draw(tokens, TokenSplit.Validation, random, size, settings, sizes.Vocabulary - 1);
            var logits = encoder.Predict(batch, settings.SequenceLength);
            var wanted = tensor(batch.MaskedTokens);
            loss += nn.functional.cross_entropy(logits, wanted, reduction: nn.Reduction.Sum).item<float>();
            right += logits.argmax(1).eq(wanted).sum().item<long>();
            count += batch.MaskedTokens.Length;
        }

        return new TrainingOutcome(loss / count, (double)right / count);
    }

    private static double LearningRate(TrainingSettings settings, int step) => settings.LearningRate * (step < settings.WarmupSteps
        ? (step + 1.0) / settings.WarmupSteps
        : (double)(settings.Steps - step) / (settings.Steps - settings.WarmupSteps));
}
