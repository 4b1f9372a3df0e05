using System.Globalization;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;

namespace LPZero.Seed.CommandLine;

/// <summary>What scores of a part of a benchmark are held against.</summary>
internal static class EvaluatedSets
{
    /// <summary>The truths of the architectures, their networks, and what their description tells of their size.</summary>
    /// <param name="asked">Where the architectures are from.</param>
    /// <param name="set">The architectures.</param>
    public static EvaluatedSet Of(EvaluatedBenchmark asked, ArchitectureSet set)
    {
        double[] parameters =
        [
            .. set.Networks.Select(network =>
                network.Describe(asked.Benchmark.Sizes, asked.Configuration.SequenceLength).Parameters?.NonEmbedding ?? double.NaN),
        ];
        return new EvaluatedSet(
            [.. set.Truths],
            [.. set.NetworkOf.Select(network => network.ToString(CultureInfo.InvariantCulture))],
            [.. set.NetworkOf.Select(network => parameters[network])],
            [.. set.NetworkOf.Select(network => (double)set.Networks[network].LayerCount)]);
    }
}
