using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

public sealed class WantedTermsTests
{
    private static readonly string Key = new('a', 64);

    [Theory]
    [InlineData("abs(W) * abs(G)")]
    [InlineData("H * exp(H)")]
    [InlineData("std(H)")]
    public void A_branch_and_a_product_of_tensors_of_one_shape_have_terms(string term) =>
        Assert.Null(new StoredTerms([Key], [ProxyText.ParseBranch(term)]).FindProblem());

    [Theory]
    [InlineData("mean(W) * abs(G)", "the product mean(W) * abs(G) has no terms: its sides are no tensors of one shape")]
    [InlineData("A * H", "the product A * H has no terms: its sides are no tensors of one shape")]
    [InlineData("W * disconnect(G)", "the branch W * disconnect(G) has no terms")]
    [InlineData("disconnect(W)", "the branch disconnect(W) has no terms")]
    public void What_has_no_terms_is_named(string term, string problem) =>
        Assert.Equal(problem, new StoredTerms([Key], [ProxyText.ParseBranch(term)]).FindProblem());
}
