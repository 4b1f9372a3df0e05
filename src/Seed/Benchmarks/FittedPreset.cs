using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Seed.Benchmarks;

/// <summary>A preset's values where a benchmark does not have room for them, or its space has others.</summary>
internal static class FittedPreset
{
    /// <summary>The preset as it is for a benchmark.</summary>
    /// <param name="preset">The preset.</param>
    /// <param name="benchmark">The benchmark, which can be used.</param>
    public static SearchConfiguration Of(SearchConfiguration preset, Benchmark benchmark)
    {
        var (batchSize, sequenceLength) = SearchSpaces.Known[benchmark.Architectures[0].Genotype.Space].MiniBatch
            ?? (preset.BatchSize, preset.SequenceLength);
        return preset with
        {
            // Where a benchmark is small, a third of it stays held out, and no less than can be ranked; it may have fewer positions
            // than a preset's sequence has tokens.
            SearchArchitectures = Math.Min(
                preset.SearchArchitectures,
                Math.Min(
                    benchmark.Architectures.Length * 2 / 3, benchmark.Architectures.Length - SearchConfiguration.FewestArchitectures)),
            BatchSize = batchSize,
            SequenceLength = Math.Min(sequenceLength, benchmark.Sizes.Positions),
            // A benchmark of ours has the networks of its genotypes; the presets speak of the public one's choice.
            Shapes = preset.Shapes ?? benchmark.Shapes,
        };
    }
}
