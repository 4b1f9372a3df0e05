using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using LPZero.Coordinator.Ranking;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>The rank of a proxy's score against the truth: what rho sees, as in figure 5 of the LPZero paper.</summary>
internal static class RankChart
{
    private const double Left = 14;
    private const double Right = 97;
    private const double Top = 34;
    private const double Bottom = 230;

    /// <summary>The chart.</summary>
    /// <param name="id">A name that is unique within the page.</param>
    /// <param name="name">The proxy's name.</param>
    /// <param name="metric">What the truth measures.</param>
    /// <param name="style">Style of the dots.</param>
    /// <param name="ids">[n] ids of the architectures; at least one.</param>
    /// <param name="scores">[n] finite scores.</param>
    /// <param name="truth">[n] finite truths.</param>
    public static XElement Draw(
        string id, string name, string metric, string style, ImmutableArray<string> ids, ImmutableArray<double> scores,
        ImmutableArray<double> truth)
    {
        var ranks = new double[scores.Length];
        Ranks.Average(scores.AsSpan(), ranks);
        var x = new Axis(ranks, Left, Right);
        var y = new Axis(truth, Bottom, Top);
        return Svg.Drawing(
            id,
            Bottom + 52,
            $"Rank of the score of {name} against the truth",
            $"{Figures.Count(scores.Length)} architectures, rho {Figures.Correlation(Spearman.Rho(scores.AsSpan(), truth.AsSpan()))}.",
            Svg.HorizontalAxis(x, Top, Bottom, "rank of the score"),
            Svg.VerticalAxis(y, Top, metric),
            ids.Select((architecture, i) => Svg.Circle(
                x.At(ranks[i]), y.At(truth[i]), 3, style,
                string.Create(CultureInfo.InvariantCulture, $"{architecture}: score {scores[i]:G6}, truth {truth[i]:G6}"))));
    }
}
