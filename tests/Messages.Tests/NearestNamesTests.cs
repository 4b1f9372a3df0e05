using LPZero.Messages.Proxies;

namespace LPZero.Messages.Tests;

public sealed class NearestNamesTests
{
    [Theory]
    [InlineData("sqare", "square")]
    [InlineData("SQRT", "sqrt")]
    [InlineData("normalise", "normalize")]
    [InlineData("logsoftmax", "log_softmax")]
    [InlineData("frobenius", "frobenius_norm")]
    [InlineData("abslog", "abs_log")]
    public void The_nearest_name_comes_first(string typed, string nearest) =>
        Assert.StartsWith($"did you mean {nearest}, ", NearestNames.Suggest(typed, OperationNames.Unary), StringComparison.Ordinal);

    [Fact]
    public void Three_names_at_most_are_given_and_equally_near_ones_by_alphabet() =>
        Assert.Equal("did you mean aa, ab, ac?", NearestNames.Suggest("a", ["ad", "ac", "ab", "aa"]));

    [Fact]
    public void Nothing_typed_is_nearest_to_the_shortest_name() =>
        Assert.Equal("did you mean x, yy?", NearestNames.Suggest("", ["yy", "x"]));
}
