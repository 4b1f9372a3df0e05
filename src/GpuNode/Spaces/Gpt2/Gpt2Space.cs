using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.Gpt2;

/// <summary>The space of <see cref="Gpt2Genotype"/>.</summary>
public sealed class Gpt2Space : ISpace
{
    /// <inheritdoc/>
    public string Name => Gpt2Genotype.SpaceName;

    /// <inheritdoc/>
    public NetworkFamily? Family => NetworkFamily.Decoder;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public ProbedNetwork? SampleOf(SampleSize size) =>
        DecoderGenotype.SampleOf(size, Gpt2Genotype.Parse("gpt2:d32-e16-k2-v20/60/90-p16:h2-f40,h4-f24"));

    /// <inheritdoc/>
    public Genotype Parse(string text) => Gpt2Genotype.Parse(text);
}
