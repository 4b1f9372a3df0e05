using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Choosing;

/// <summary>A ranking of the whole space.</summary>
/// <param name="Fold">The fold that is left out; -1 for the whole search set.</param>
/// <param name="ActivationsWeightsSoftmax">Whether branches have the inputs A, W and S alone.</param>
/// <param name="Layers">How layers become a score.</param>
/// <param name="Elements">How the elements of a chain's result become a number.</param>
/// <param name="Tensors">How the tensors of a layer become a number.</param>
/// <param name="Prefix">The name of the ranking that comes before the proxy; null where none does.</param>
/// <param name="Fitness">What proxies are compared by.</param>
/// <param name="MinDistinct">Floor on distinct scores.</param>
public sealed record RankingTask(
    int Fold, bool ActivationsWeightsSoftmax, LayerReduction Layers, Reduction Elements, Reduction Tensors, string? Prefix,
    FitnessTarget Fitness, double MinDistinct)
{
    /// <summary>The fold of the whole search set, nothing left out.</summary>
    public const int NothingLeftOut = -1;

    /// <summary>The rankings that an option selects from when a fold is left out.</summary>
    public static IEnumerable<RankingTask> Of(ChoosingOption option, int fold) =>
        option.LayerReductions.Select(layers => new RankingTask(
            fold, option.ActivationsWeightsSoftmax, layers, option.Elements, option.Tensors, option.Ranking.Prefix, option.Ranking.Fitness,
            option.MinDistinct));
}
