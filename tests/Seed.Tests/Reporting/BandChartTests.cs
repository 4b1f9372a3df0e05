using System.Globalization;
using System.Xml.Linq;
using LPZero.Seed.Reporting.Charts;

namespace LPZero.Seed.Tests.Reporting;

public sealed class BandChartTests
{
    [Fact]
    public void Level_pieces_are_drawn_by_their_ends_and_every_bend_stays()
    {
        // Level up to 400, where the line rises; level again up to 700, where only the band widens.
        var drawing = Draw(x => x < 400 ? 0.5 : 0.8, x => x < 700 ? 0.1 : 0.2);
        Assert.Equal([0, 399, 400, 699, 700, 1000], Corners(drawing, "curve series-0").Select(corner => corner.X));
        Assert.Equal(12, Corners(drawing, "band series-0").Count);
        var heights = Corners(drawing, "curve series-0").Select(corner => corner.Y).ToList();
        Assert.Equal(heights[0], heights[1]);
        Assert.True(heights[1] > heights[2]);
        Assert.All(heights.Skip(2), height => Assert.Equal(heights[2], height));
    }

    [Fact]
    public void A_line_that_never_stands_still_keeps_all_of_its_points() =>
        Assert.Equal(1001, Corners(Draw(x => x / 1000.0, _ => 0), "curve series-0").Count);

    [Fact]
    public void The_legend_has_the_last_value_of_a_line_and_says_where_that_is() =>
        Assert.Contains(
            Draw(x => x / 1000.0, _ => 0).Descendants("text"), text => text.Value == "line: 1.000 from iteration 1,000");

    private static XElement Draw(Func<int, double> line, Func<int, double> band) => BandChart.Draw(
        "chart", "title", "iteration", "rho", "from iteration 1,000",
        [
            new BandSeries("line",
            [
                .. Enumerable.Range(0, 1001).Select(x => new BandedPoint(x, line(x), line(x) - band(x), line(x) + band(x))),
            ]),
        ])!;

    /// <summary>The corners of a path, from left to right on a scale of 0 to 1,000.</summary>
    private static List<(int X, double Y)> Corners(XElement drawing, string style)
    {
        var path = drawing.Descendants().Single(element => (string?)element.Attribute("class") == style).Attribute("d")!.Value;
        var corners = path.Trim('Z').Split('M', 'L').Where(corner => corner.Length > 0)
            .Select(corner => corner.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToList();
        var (left, right) = (corners.Min(corner => corner[0]), corners.Max(corner => corner[0]));
        return [.. corners.Select(corner => ((int)Math.Round(1000 * (corner[0] - left) / (right - left)), corner[1]))];
    }
}
