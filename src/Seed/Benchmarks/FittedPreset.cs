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
            // A benchmark may have fewer positions than a preset's sequence has tokens.
            SearchArchitectures = Searched(preset.SearchArchitectures, benchmark.Architectures.Length),
            BatchSize = batchSize,
            SequenceLength = Math.Min(sequenceLength, benchmark.Sizes.Positions),
            // A benchmark of ours has the networks of its genotypes; the presets speak of the public one's choice.
            Shapes = preset.Shapes ?? benchmark.Shapes,
        };
    }

    /// <summary>How many architectures are searched: where there are few, a third stays held out, and no less than can be ranked.</summary>
    /// <param name="wanted">How many where there are enough.</param>
    /// <param name="architectures">How many there are.</param>
    public static int Searched(int wanted, int architectures) => Math.Min(
        wanted, Math.Min(architectures * 2 / 3, architectures - SearchConfiguration.FewestArchitectures));
}
