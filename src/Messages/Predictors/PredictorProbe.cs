using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Predictors;

/// <summary>How networks are probed for the proxies of a predictor: as when it was made, so that it says the same again.</summary>
/// <param name="BatchSize">Sequences in the mini-batch (B).</param>
/// <param name="SequenceLength">Tokens in a sequence (T).</param>
/// <param name="WeightsSeed">Seed of the networks' weights.</param>
/// <param name="BatchSeed">Seed of the mini-batch and of the loss's signs.</param>
/// <param name="Weights">Which linear maps the inputs W and G hold.</param>
/// <param name="Loss">What the gradients are of.</param>
/// <param name="Start">How the weights are drawn.</param>
/// <param name="Mode">Whether there is dropout.</param>
/// <param name="Combine">What products are applied to.</param>
/// <param name="Shapes">The shapes of the networks; a benchmark's own where null.</param>
public sealed record PredictorProbe(
    int BatchSize, int SequenceLength, ulong WeightsSeed, ulong BatchSeed, WeightSelection Weights, LossKind Loss, WeightStart Start,
    ProbeMode Mode, Combination Combine, Shapes? Shapes = null)
{
    /// <summary>Why no network can be probed like this, in one line, or null where one may.</summary>
    public string? FindProblem() =>
        new ProbeSettings(
            BatchSize, SequenceLength, WeightsSeed, BatchSeed, Weights,
            new EmbeddingSizes(NetworkBounds.Vocabulary.Most, Embedding: null, NetworkBounds.Positions.Most), Loss, Start, Mode)
            .FindProblem()
        ?? (Enum.IsDefined(Combine) ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)Combine} is no combination"))
        ?? (Shapes is { } shapes && !Enum.IsDefined(shapes)
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)shapes} are no shapes")
            : null);
}
