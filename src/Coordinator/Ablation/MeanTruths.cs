using System.Collections.Immutable;
using LPZero.Coordinator.Truths;

namespace LPZero.Coordinator.Ablation;

/// <summary>What several sets of one benchmark, such as the held-out sets of several splits, say of its truths in the mean.</summary>
public static class MeanTruths
{
    /// <summary>The truths with the means of their ceilings; none of a benchmark without tasks.</summary>
    /// <param name="sets">The truths of each set; a set that holds nothing has none, and then there are none in the mean.</param>
    public static ImmutableArray<TruthColumn> Of(IReadOnlyList<ImmutableArray<TruthColumn>> sets)
    {
        var ceilings = Of(
        [
            .. sets.Select(ImmutableArray<TruthRho> (set) =>
                [.. set.Select(truth => new TruthRho(truth.Ceiling, truth.CeilingWithoutFailed))]),
        ]);
        return
        [
            .. ceilings.Select((mean, i) => sets[0][i] with { Ceiling = mean.All, CeilingWithoutFailed = mean.WithoutFailed }),
        ];
    }

    /// <summary>
    /// The means of a ranking's rho by each truth. In a set without a failed training rho is that without failed ones, too; where none of
    /// the sets has one, there is no such mean.
    /// </summary>
    /// <param name="sets">Rho by each truth in each set.</param>
    /// <returns>One for each truth; none where a set has none, for then nothing was found there.</returns>
    public static ImmutableArray<TruthRho> Of(IReadOnlyList<ImmutableArray<TruthRho>> sets)
    {
        var truths = sets.Min(set => set.Length);
        return
        [
            .. Enumerable.Range(0, truths).Select(truth =>
            {
                var rhos = sets.Select(set => set[truth]).ToList();
                return new TruthRho(
                    rhos.Average(rho => rho.All),
                    rhos.All(rho => double.IsNaN(rho.WithoutFailed)) ? double.NaN
                        : rhos.Average(rho => double.IsNaN(rho.WithoutFailed) ? rho.All : rho.WithoutFailed));
            }),
        ];
    }
}
