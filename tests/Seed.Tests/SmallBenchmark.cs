using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Tests;

/// <summary>A benchmark whose networks are built and probed in milliseconds.</summary>
internal static class SmallBenchmark
{
    public static Benchmark Create(int architectures = 18)
    {
        var operations = Enum.GetValues<MixingOperation>();
        return new Benchmark("small", "made-up quality", Shapes.Genotype, new EmbeddingSizes(50, 16, 32),
        [
            .. Enumerable.Range(0, architectures).Select(i =>
            {
                var layers = Enumerable.Range(0, 1 + (i % 3))
                    .Select(l =>
                        new FlexiBertLayer(
                            operations[(i + l) % operations.Length], 2 + (2 * (i % 2)), 32 * (1 + (l % 2)), 1 + (2 * (i / 2 % 2))));
                return new Architecture($"a{i}", new FlexiBertGenotype(16 * (1 + (i / 3 % 2)), [.. layers]), (i % 3) + (i * 7 % 11 / 10.0));
            }),
        ]);
    }
}
