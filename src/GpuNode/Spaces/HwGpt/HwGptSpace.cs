using LPZero.GpuNode.Spaces.Decoders;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.HwGpt;

/// <summary>The space of <see cref="HwGptGenotype"/>.</summary>
public sealed class HwGptSpace : ISpace
{
    /// <inheritdoc/>
    public string Name => HwGptGenotype.SpaceName;

    /// <inheritdoc/>
    public NetworkFamily? Family => NetworkFamily.Decoder;

    /// <inheritdoc/>
    public (int BatchSize, int SequenceLength)? MiniBatch => DecoderGenotype.MiniBatch;

    /// <inheritdoc/>
    public ProbedNetwork? SampleOf(SampleSize size) => DecoderGenotype.SampleOf(size, HwGptGenotype.Parse("hw-gpt:d32-b1:h2-m2,h1-m4"));

    /// <inheritdoc/>
    public Genotype Parse(string text) => HwGptGenotype.Parse(text);
}
