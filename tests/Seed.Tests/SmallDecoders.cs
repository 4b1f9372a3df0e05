using System.Globalization;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Tests;

/// <summary>A benchmark of decoders that are built and probed in milliseconds.</summary>
internal static class SmallDecoders
{
    public static Benchmark Create(int architectures = 18) => new(
        "small-decoders", "made-up quality", Shapes.Genotype, new EmbeddingSizes(50, Embedding: null, 32),
        [
            .. Enumerable.Range(0, architectures).Select(i => new Architecture(
                string.Create(CultureInfo.InvariantCulture, $"d{i}"),
                new Gpt2Genotype
                {
                    Hidden = 16 * (1 + (i % 2)),
                    Embedding = new AdaptiveEmbedding(16, 1, [50]),
                    Positions = 32,
                    Layers = [.. Enumerable.Range(0, 1 + (i % 3)).Select(layer => new Gpt2Layer(2 + (2 * (i / 2 % 2)), 24 + i + layer))],
                },
                (i % 3) + (i % 2) + (i * 7 % 11 / 10.0))),
        ]);
}
