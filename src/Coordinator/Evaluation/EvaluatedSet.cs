using System.Collections.Immutable;

namespace LPZero.Coordinator.Evaluation;

/// <summary>What scores are held against: architectures with their truths and what their description tells of their size.</summary>
/// <param name="Truth">[n] ground truth, higher is better.</param>
/// <param name="Networks">[n] key of the network that each architecture builds; resampling goes by it.</param>
/// <param name="Parameters">[n] parameters outside embedding and output; NaN where they are not known.</param>
/// <param name="Layers">[n] number of layers.</param>
public sealed record EvaluatedSet(
    ImmutableArray<double> Truth, ImmutableArray<string> Networks, ImmutableArray<double> Parameters, ImmutableArray<double> Layers);
