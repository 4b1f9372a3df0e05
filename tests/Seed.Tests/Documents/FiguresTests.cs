using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.Coordinator.Choosing;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Seed.Tests.Documents;

public sealed partial class FiguresTests
{
    [Fact]
    public void Every_figure_of_the_README_is_one_of_the_pages()
    {
        var figures = FigurePattern().Matches(Markdown.Page("README.md")).Select(match => match.Value).ToList();
        var pages = string.Concat(Markdown.Docs.Select(Markdown.Page));
        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.Contains(figure, pages, StringComparison.Ordinal));
    }

    [Fact]
    public void The_number_of_options_that_a_choice_is_among_is_what_it_is()
    {
        var all = ChoosingOption.All([.. Enum.GetValues<InputKind>()], minDistinct: 0.8, RankingNames.LayersThenHiddenSize).Count();
        var rankings = ChoosingRanking.All(RankingNames.LayersThenHiddenSize).Count();
        var page = Markdown.Page("docs/proxies.md");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{all:N0} combinations"), page, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"and {rankings} rankings"), page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<![\d.])-?0\.\d{3}( ± 0\.\d{3})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex FigurePattern();
}
