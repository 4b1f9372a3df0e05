using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.OpenLm;

/// <summary>The space of <see cref="OpenLmGenotype"/>.</summary>
public sealed class OpenLmSpace : ISpace
{
    /// <inheritdoc/>
    public string Name => OpenLmGenotype.SpaceName;

    /// <inheritdoc/>
    public NetworkFamily? Family => NetworkFamily.Decoder;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public ProbedNetwork? SampleOf(SampleSize size) => DecoderGenotype.SampleOf(size, OpenLmGenotype.Parse("open-lm:d32-l2-h4"));

    /// <inheritdoc/>
    public Genotype Parse(string text) => OpenLmGenotype.Parse(text);
}
