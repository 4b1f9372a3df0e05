using System.Text.RegularExpressions;

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

    [GeneratedRegex(@"(?<![\d.])-?0\.\d{3}( ± 0\.\d{3})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex FigurePattern();
}
