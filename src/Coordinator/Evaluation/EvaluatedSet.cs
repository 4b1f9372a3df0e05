using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Evaluation;

/// <summary>What scores are held against: architectures with their truths and what their description tells of their size.</summary>
/// <param name="Truth">[n] ground truth, higher is better.</param>
/// <param name="Networks">[n] key of the network that each architecture builds; resampling goes by it.</param>
/// <param name="Parameters">
/// [n] parameters outside embedding and output, or all of them where no more is known; NaN where they are not known.
/// </param>
/// <param name="Layers">[n] number of layers.</param>
public sealed record EvaluatedSet(
    ImmutableArray<double> Truth, ImmutableArray<string> Networks, ImmutableArray<double> Parameters, ImmutableArray<double> Layers)
{
    /// <summary>A set of a benchmark, its networks described in the shapes in which they are built.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="configuration">How its networks are probed.</param>
    public static EvaluatedSet Of(ArchitectureSet set, Benchmark benchmark, SearchConfiguration configuration)
    {
        double[] parameters =
        [
            .. set.Networks.Select(network => network.Describe(benchmark.Sizes, configuration.SequenceLength)).Select(structure =>
                structure.Parameters?.NonEmbedding ?? structure.TotalParameters ?? double.NaN),
        ];
        return new EvaluatedSet(
            [.. set.Truths],
            [.. set.NetworkOf.Select(network => network.ToString(CultureInfo.InvariantCulture))],
            [.. set.NetworkOf.Select(network => parameters[network])],
            [.. set.NetworkOf.Select(network => (double)set.Networks[network].LayerCount)]);
    }
}
