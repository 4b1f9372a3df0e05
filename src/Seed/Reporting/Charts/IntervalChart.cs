using System.Xml.Linq;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>Held-out rho of the answer, of the best proxies and of the baselines, each with its 95% interval.</summary>
internal static class IntervalChart
{
    private const int MostProxies = 10;
    private const double Left = 2;
    private const double Right = 84;
    private const double Top = 8;
    private const double LineHeight = 17;
    private const double BarHeight = 30;

    // As many characters fit on a telephone held upright.
    private const int LongestLine = 36;

    /// <summary>The chart; null without held-out figures.</summary>
    public static XElement? Draw(ReportData data)
    {
        IEnumerable<Row> answer = data.Answer is { } best ? [new Row($"best: {best.Predictor.Summary}", best.HeldOut, "held-out")] : [];
        var rows = answer
            .Concat(data.Proxies.Take(MostProxies).Select(proxy => new Row(proxy.CanonicalExpression, proxy.HeldOut, "held-out")))
            .Concat(data.Baselines.Select(baseline => new Row(baseline.Name, baseline.HeldOut, "baseline")))
            .Where(row => row.Figures is { } figures && double.IsFinite(figures.Rho) && double.IsFinite(figures.RhoInterval.Low))
            .ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var bottom = Top + rows.Sum(row => row.Height);
        var x = new Axis(
            rows.SelectMany(row => new[] { row.Figures!.RhoInterval.Low, row.Figures.RhoInterval.High, row.Figures.Rho }), Left, Right);
        var reference = rows.FirstOrDefault(row => row.Name == data.MainBaseline)?.Figures;
        return Svg.Drawing(
            "intervals",
            bottom + 52,
            "Held-out rho with 95% intervals",
            string.Join(" ",
                rows.Select(row => $"{row.Name}: {Figures.Correlation(row.Figures!.Rho)} ({Figures.Interval(row.Figures.RhoInterval)}).")),
            Svg.HorizontalAxis(x, Top, bottom, "Spearman's rho on the held-out set"),
            reference is null ? null : Svg.Line(x.At(reference.Rho), Top, x.At(reference.Rho), bottom, "reference"),
            rows.Select((row, index) => Draw(row, x, Top + rows.Take(index).Sum(above => above.Height))));
    }

    private static object[] Draw(Row row, Axis x, double top)
    {
        var figures = row.Figures!;
        var y = top + row.Height - (BarHeight / 2);
        return
        [
            row.Lines.Select((line, i) => Svg.Text(0, top + (LineHeight * (i + 1)) - 3, $"name {row.Style}", line)),
            Svg.Line(x.At(figures.RhoInterval.Low), y, x.At(figures.RhoInterval.High), y, $"whisker {row.Style}"),
            Svg.Circle(x.At(figures.Rho), y, 5, row.Style,
                $"{row.Name}: {Figures.Correlation(figures.Rho)}, 95% interval {Figures.Interval(figures.RhoInterval)}"),
            Svg.Text(100, y + 4, "value end", Figures.Correlation(figures.Rho)),
        ];
    }

    private sealed record Row(string Name, RankingFigures? Figures, string Style)
    {
        /// <summary>The name above the bar, broken where an expression is long.</summary>
        public IReadOnlyList<string> Lines { get; } = LineBreaks.Wrap(Name, LongestLine);

        public double Height => (Lines.Count * LineHeight) + BarHeight;
    }
}
