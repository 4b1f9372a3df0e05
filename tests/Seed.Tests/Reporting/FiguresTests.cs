using LPZero.Coordinator.Ranking;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Tests.Reporting;

public class FiguresTests
{
    [Theory]
    [InlineData(0.0681, "+0.068")]
    [InlineData(-0.0414, "-0.041")]
    [InlineData(-0.0004, "-0.0004")]
    [InlineData(0.00003, "+0.00003")]
    [InlineData(0.0005, "+0.001")]
    [InlineData(0, "0.000")]
    [InlineData(double.NaN, "n/a")]
    public void A_difference_near_0_has_the_digits_that_show_its_side(double value, string expected) =>
        Assert.Equal(expected, Figures.Difference(value));

    [Fact]
    public void An_interval_on_one_side_of_0_is_seen_to_be_there() =>
        Assert.Equal("-0.041 to -0.0002", Figures.DifferenceInterval(new ConfidenceInterval(-0.0412, -0.00019)));
}
