using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.OpenLm;

/// <summary>The space of <see cref="OpenLmGenotype"/>.</summary>
public sealed class OpenLmSpace : ISpace
{
    /// <inheritdoc/>
    public string Name => OpenLmGenotype.SpaceName;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public Genotype Parse(string text) => OpenLmGenotype.Parse(text);
}
