using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Search;

namespace LPZero.Seed.Reporting;

/// <summary>What the held-out set says about a ranking and the baseline that it has to beat.</summary>
/// <param name="Comparison">The comparison with that baseline; null where there is nothing to compare.</param>
/// <param name="Headline">The answer in one sentence.</param>
/// <param name="Explanation">The figures behind it, and what they mean.</param>
public sealed record BaselineVerdict(Comparison? Comparison, string Headline, string Explanation)
{
    // Resampling fewer networks gives the same few samples again and again.
    private const int FewNetworks = 8;

    /// <summary>The verdict on the answer of a run, where it has one that is more than a proxy, then that on its best proxy.</summary>
    public static IEnumerable<BaselineVerdict> Of(ReportData data) =>
        data.Answer is { } answer && !data.Proxies.IsEmpty ? [OnAnswer(data, answer), On(data)] : [On(data)];

    /// <summary>The verdict on the first proxy of a report.</summary>
    public static BaselineVerdict On(ReportData data) => data.Proxies is [var best, ..]
        ? On(data, "best proxy", best.HeldOut, best.Differences, comparison => comparison switch
        {
            Coordinator.Ranking.Comparison.Better => Others(best.Differences) +
                (Unbeaten(best.Differences).Count == 0 ? "" : " What it has found beyond depth and width, " +
                    "a formula over the architecture's description finds as well."),
            Coordinator.Ranking.Comparison.Worse =>
                "It has found depth, not insight, and less of it than counting layers and hidden units finds without any network.",
            _ => "The interval of the difference holds 0: until a larger set says otherwise, the proxy has found depth, not insight, " +
                "and the baseline ranks as well without any network.",
        })
        : new BaselineVerdict(null, "The search has found no valid proxy.", "There is nothing to compare with the baselines.");

    private static BaselineVerdict OnAnswer(ReportData data, AnswerEntry answer) =>
        On(data, "best answer", answer.HeldOut, answer.Differences, comparison => comparison switch
        {
            Coordinator.Ranking.Comparison.Better => Others(answer.Differences),
            Coordinator.Ranking.Comparison.Worse => "The baseline ranks better without any network.",
            _ => "The interval of the difference holds 0: until a larger set says otherwise, the baseline ranks as well without any " +
                "network.",
        } + AgainstStructure(answer));

    /// <summary>How an answer that is made of structure too compares with its part that is structure.</summary>
    private static string AgainstStructure(AnswerEntry answer)
    {
        var regression = answer.Differences.FirstOrDefault(difference => difference.Baseline == RankingNames.StackedRegressions);
        return !answer.Predictor.NeedsStructure || regression is null ? ""
            : $" It is made of structure too: from the {regression.Baseline} alone it differs by " +
                $"{Figures.Difference(regression.Difference)}, 95% interval {Figures.DifferenceInterval(regression.Interval)}, so " +
                (regression.Comparison == Coordinator.Ranking.Comparison.Better
                    ? "it ranks better than that."
                    : "this set does not show that it ranks better than that.");
    }

    private static BaselineVerdict On(
        ReportData data, string subject, RankingFigures? figuresHeldOut, ImmutableArray<RhoDifference> differences,
        Func<Comparison, string> explain)
    {
        var baseline = data.MainBaseline;
        var difference = differences.FirstOrDefault(d => d.Baseline == baseline);
        if (data.HeldOut.Genotypes == 0 || figuresHeldOut is not { } heldOut || difference is null)
        {
            return new BaselineVerdict(
                null,
                $"Whether the {subject} beats a baseline is not known: there is no held-out set.",
                "Rho on the search set is inflated, because the best of many proxies was picked on it. Leave some networks out of the " +
                "search.");
        }

        if (double.IsNaN(heldOut.Rho))
        {
            return new BaselineVerdict(
                difference.Comparison,
                $"The {subject} does not beat the baseline {baseline}: it does not rank the held-out set at all.",
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
                $"Whether the {subject} beats the baseline {baseline} is not known: " +
                $"only {data.HeldOut.Networks.ToString(CultureInfo.InvariantCulture)} networks are held out.",
                figures + "Intervals over so few networks mean little. Leave more of them out of the search.");
        }

        return new BaselineVerdict(
            difference.Comparison,
            $"The {subject} " + difference.Comparison switch
            {
                Coordinator.Ranking.Comparison.Better =>
                    $"beats the baseline {baseline}{(Unbeaten(differences).Count == 0 ? "" : ", but not all of the others")}.",
                Coordinator.Ranking.Comparison.Worse => $"does not beat the baseline {baseline}: it is worse.",
                _ => $"does not beat the baseline {baseline}.",
            },
            figures + explain(difference.Comparison));
    }

    private static List<string> Unbeaten(ImmutableArray<RhoDifference> differences) =>
    [
        .. differences.Where(d => d.Comparison != Coordinator.Ranking.Comparison.Better).Select(d => d.Baseline),
    ];

    private static string Others(ImmutableArray<RhoDifference> differences) => Unbeaten(differences) is { Count: > 0 } unbeaten
        ? $"It does not beat: {string.Join("; ", unbeaten)}."
        : "It beats every other structural baseline, too.";
}
