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
    public void All_of_eight_names_are_given_of_more_the_nearest_three_and_equally_near_ones_by_alphabet()
    {
        string[] nine = ["ai", "ah", "ag", "af", "ae", "ad", "ac", "ab", "aa"];
        Assert.Equal("did you mean aa, ab, ac, ad, ae, af, ag, ah?", NearestNames.Suggest("a", nine[1..]));
        Assert.Equal("did you mean aa, ab, ac?", NearestNames.Suggest("a", nine));
    }

    [Fact]
    public void Nothing_typed_is_nearest_to_the_shortest_name() =>
        Assert.Equal("did you mean x, yy?", NearestNames.Suggest("", ["yy", "x"]));
}
