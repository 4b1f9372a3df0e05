using System.Collections.Immutable;
using LPZero.Messages.Predictors;

namespace LPZero.Coordinator.Baselines;

/// <summary>
/// The regression on structure with the scores of proxies as further columns: how many of the best proxies (none, 1, 3 or 10), whether
/// they stand in it as logarithms, and the penalty are what predicts folds of whole networks best. The folds are no test of it: the
/// proxies were found on all of these architectures, so their columns know the truths of a fold a little, and what the folds say of a
/// regression with proxies is better than it is. Only networks that the search never saw judge it, or a cross-validation that repeats
/// the search without each fold.
/// </summary>
public static class ProxyRegression
{
    private static readonly ImmutableArray<int> Counts = [1, 3, 10];

    /// <summary>The regression; null where there are too few networks for one.</summary>
    /// <param name="on">The architectures, and what their structure says.</param>
    /// <param name="proxies">Proxies, best first; those that are not finite on an architecture are passed over.</param>
    /// <param name="scoresOf">[n] the scores of a proxy.</param>
    public static PredictorGroup? Fit(
        FittedStructure on, IReadOnlyList<ProxyPart> proxies, Func<ProxyPart, IReadOnlyList<double>> scoresOf)
    {
        if (on.Regression is not { } structure)
        {
            return null;
        }

        var values = new Dictionary<PredictorPart, IReadOnlyList<double>>();
        ImmutableArray<ProxyPart> usable =
        [
            .. proxies.Take(Counts[^1]).Where(proxy => (values[proxy] = scoresOf(proxy)).All(double.IsFinite)),
        ];
        var counts = Counts.Select(count => Math.Min(count, usable.Length)).Where(count => count > 0).Distinct();
        ImmutableArray<PredictorPart> alone = [.. structure.Columns];
        var with = counts.SelectMany(
            count => Enum.GetValues<PartTransform>(),
            (count, transform) => alone.AddRange(usable.Take(count).Select(proxy => proxy with { Transform = transform })));
        var fit = RidgeByFolds.Fit(
            with.Prepend(alone), on.Set, on.Set.Truths,
            column => values.TryGetValue(column, out var known) ? known : values[column] = on.Structures.ValuesOf(column, on.Set),
            on.Seed);
        return fit.Fitted.ToGroup(fit.Columns);
    }
}
