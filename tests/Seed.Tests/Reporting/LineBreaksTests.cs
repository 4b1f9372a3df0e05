using LPZero.Seed.Reporting;

namespace LPZero.Seed.Tests.Reporting;

public class LineBreaksTests
{
    private const string Expression = "log_softmax(abs_log(G)) * log(sqrt(H))";

    [Theory]
    [InlineData(38, Expression)]
    [InlineData(30, "log_softmax(abs_log(G))", "* log(sqrt(H))")]
    [InlineData(16, "log_softmax(", "abs_log(G))", "* log(sqrt(H))")]
    [InlineData(12, "log_softmax(", "abs_log(G))", "* log(sqrt(", "H))")]
    public void An_expression_breaks_before_its_operator_and_then_behind_parentheses(int width, params string[] lines) =>
        Assert.Equal(lines, LineBreaks.Wrap(Expression, width));

    [Theory]
    [InlineData("layers, hidden, feed-forwards x heads (not the last)", 13, "layers,", "hidden,", "feed-forwards", "x heads (not",
        "the last)")]
    [InlineData("+0.068 (+0.023 to +0.113)", 18, "+0.068 (+0.023 to", "+0.113)")]
    [InlineData("one\ntwo three", 5, "one", "two", "three")]
    [InlineData("", 5, "")]
    [InlineData("unbreakable", 4, "unbr", "eaka", "ble")]
    public void Words_stay_whole_where_a_line_has_room_for_them(string text, int width, params string[] lines) =>
        Assert.Equal(lines, LineBreaks.Wrap(text, width));

    [Theory]
    [InlineData(Expression, 12)]
    [InlineData("A * frobenius_norm(W)", 17)]
    [InlineData("held-out rho", 8)]
    [InlineData("", 0)]
    public void The_narrowest_width_is_that_of_the_longest_piece(string text, int expected) =>
        Assert.Equal(expected, LineBreaks.Narrowest(text));

    [Fact]
    public void Nothing_is_lost_and_no_line_is_longer_than_the_width()
    {
        for (var width = 1; width < 45; width++)
        {
            var lines = LineBreaks.Wrap(Expression, width);
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
            Assert.Equal(
                Expression.Replace(" ", "", StringComparison.Ordinal), string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
        }
    }
}
