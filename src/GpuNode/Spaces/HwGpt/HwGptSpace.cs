using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.HwGpt;

/// <summary>The space of <see cref="HwGptGenotype"/>.</summary>
public sealed class HwGptSpace : ISpace
{
    /// <inheritdoc/>
    public string Name => HwGptGenotype.SpaceName;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public Genotype Parse(string text) => HwGptGenotype.Parse(text);
}
