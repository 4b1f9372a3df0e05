using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.Gpt2;

/// <summary>The space of <see cref="Gpt2Genotype"/>.</summary>
public sealed class Gpt2Space : ISpace
{
    /// <inheritdoc/>
    public string Name => Gpt2Genotype.SpaceName;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public Genotype Parse(string text) => Gpt2Genotype.Parse(text);
}
