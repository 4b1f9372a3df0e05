using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Choosing;

/// <summary>How to score and select proxies: one of the options between which the search set decides.</summary>
/// <param name="ActivationsWeightsSoftmax">Whether branches have the inputs A, W and S alone, which need no backward pass.</param>
/// <param name="LayerReductions">How layers become a score; several make it a gene of the proxy.</param>
/// <param name="Elements">How the elements of a chain's result become a number.</param>
/// <param name="Tensors">How the tensors of a layer become a number.</param>
/// <param name="Ranking">What proxies are compared by, and what is made of the best of them.</param>
/// <param name="MinDistinct">Floor on the number of distinct scores over that of networks.</param>
public sealed record ChoosingOption(
    bool ActivationsWeightsSoftmax, ImmutableArray<LayerReduction> LayerReductions, Reduction Elements, Reduction Tensors,
    ChoosingRanking Ranking, double MinDistinct)
{
    /// <summary>The option in words.</summary>
    public string Name => string.Join(", ", Parts);

    /// <summary>What the name is put together from.</summary>
    public IEnumerable<string> Parts
    {
        get
        {
            yield return LayerReductions.Length == 1 ? $"layers {OperationNames.Name(LayerReductions[0])}" : "layers as a gene";
            yield return $"elements {Text(Elements)}";
            yield return $"tensors {Text(Tensors)}";
            if (ActivationsWeightsSoftmax)
            {
                yield return $"inputs {string.Join(' ', FewInputs)}";
            }

            if (MinDistinct > 0)
            {
                yield return FormattableString.Invariant($"distinct {MinDistinct}");
            }

            foreach (var part in Ranking.Parts)
            {
                yield return part;
            }
        }
    }

    /// <summary>The inputs of <see cref="ActivationsWeightsSoftmax"/>.</summary>
    public static ImmutableArray<InputKind> FewInputs { get; } = [InputKind.A, InputKind.W, InputKind.S];

    /// <summary>Every combination.</summary>
    /// <param name="inputs">The inputs of a branch; A, W and S alone are tried beside them where they are among them.</param>
    /// <param name="minDistinct">The floor that is tried beside none.</param>
    /// <param name="prefix">The ranking that is tried before proxies beside none.</param>
    public static IEnumerable<ChoosingOption> All(ImmutableArray<InputKind> inputs, double minDistinct, string prefix) =>
        from few in FewInputs.All(inputs.Contains) && inputs.Length > FewInputs.Length ? new[] { false, true } : [false]
        from layers in Enum.GetValues<LayerReduction>().Select(reduction => ImmutableArray.Create(reduction))
            .Append([.. Enum.GetValues<LayerReduction>()])
        from elements in Enum.GetValues<Reduction>()
        from tensors in Enum.GetValues<Reduction>()
        from floor in new[] { 0, minDistinct }.Distinct()
        from ranking in ChoosingRanking.All(prefix)
        select new ChoosingOption(few, layers, elements, tensors, ranking, floor);

    private static string Text(Reduction reduction) => reduction == Reduction.Mean ? "mean" : "sum";
}
