using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting;

/// <summary>What the held-out set says about the best proxy and the baseline that it has to beat.</summary>
/// <param name="Comparison">The comparison with that baseline; null where there is nothing to compare.</param>
/// <param name="Headline">The answer in one sentence.</param>
/// <param name="Explanation">The figures behind it, and what they mean.</param>
public sealed record BaselineVerdict(Comparison? Comparison, string Headline, string Explanation)
{
    // Resampling fewer networks gives the same few samples again and again.
    private const int FewNetworks = 8;

    /// <summary>The verdict on the first proxy of a report.</summary>
    public static BaselineVerdict On(ReportData data)
    {
        var baseline = data.MainBaseline;
        if (data.Proxies.IsEmpty)
        {
            return new BaselineVerdict(null, "The search has found no valid proxy.", "There is nothing to compare with the baselines.");
        }

        var best = data.Proxies[0];
        var difference = best.Differences.FirstOrDefault(d => d.Baseline == baseline);
        if (data.HeldOut.Genotypes == 0 || best.HeldOut is not { } heldOut || difference is null)
        {
            return new BaselineVerdict(
                null,
                "Whether the best proxy beats a baseline is not known: there is no held-out set.",
                "Rho on the search set is inflated, because the best of many proxies was picked on it. Leave some networks out of the " +
                "search.");
        }

        if (double.IsNaN(heldOut.Rho))
        {
            return new BaselineVerdict(
                difference.Comparison,
                $"The best proxy does not beat the baseline {baseline}: it does not rank the held-out set at all.",
                "Its scores there are constant or not all finite.");
        }

        var figures =
            $"Held-out rho {Figures.Correlation(heldOut.Rho)} against {Figures.Correlation(heldOut.Rho - difference.Difference)}: " +
            $"a difference of {Figures.Difference(difference.Difference)}, " +
            $"95% interval {Figures.DifferenceInterval(difference.Interval)}. " +
            $"{ReportText.SmallestShown(difference, data.HeldOut.Networks)} " +
            $"Within groups of equal layers and hidden size its rho is {Figures.Correlation(heldOut.RhoWithinGroups)}. ";
        if (data.HeldOut.Networks < FewNetworks)
        {
            return new BaselineVerdict(
                difference.Comparison,
                $"Whether the best proxy beats the baseline {baseline} is not known: " +
                $"only {data.HeldOut.Networks.ToString(CultureInfo.InvariantCulture)} networks are held out.",
                figures + "Intervals over so few networks mean little. Leave more of them out of the search.");
        }

        return difference.Comparison switch
        {
            Coordinator.Ranking.Comparison.Better => new BaselineVerdict(
                difference.Comparison,
                $"The best proxy beats the baseline {baseline}.",
                figures + Others(best)),
            Coordinator.Ranking.Comparison.Worse => new BaselineVerdict(
                difference.Comparison,
                $"The best proxy does not beat the baseline {baseline}: it is worse.",
                figures +
                "It has found depth, not insight, and less of it than counting layers and hidden units finds without any network."),
            _ => new BaselineVerdict(
                difference.Comparison,
                $"The best proxy does not beat the baseline {baseline}.",
                figures +
                "The interval of the difference holds 0: until a larger set says otherwise, the proxy has found depth, not insight, " +
                "and the baseline ranks as well without any network."),
        };
    }

    private static string Others(ProxyEntry best)
    {
        var unbeaten = best.Differences.Where(d => d.Comparison != Coordinator.Ranking.Comparison.Better).Select(d => d.Baseline).ToList();
        return unbeaten.Count == 0
            ? "It beats every other structural baseline, too."
            : $"It does not beat: {string.Join("; ", unbeaten)}. What it has found beyond depth and width, " +
                "a formula over the architecture's description finds as well.";
    }
}
