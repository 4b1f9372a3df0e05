using System.Text.RegularExpressions;

namespace LPZero.Seed.Tests.Documents;

/// <summary>The worked examples of docs/extending.md against the sources that they are from.</summary>
public sealed partial class ExtendingTests
{
    private const int Patience = 1000;
    private const string Indent = "    ";

    private static readonly string Page = Markdown.Page("docs/extending.md");

    [Fact]
    public void Each_line_of_an_example_is_one_of_its_file_in_the_same_order()
    {
        var examples = Examples().ToList();
        Assert.True(examples.Count > 15);
        foreach (var (path, lines) in examples)
        {
            var source = File.ReadAllLines(Path.Combine(Repository.Root!, path)).Select(line => line.Trim()).ToList();
            var from = 0;
            foreach (var line in lines)
            {
                var at = source.IndexOf(line, from);
                Assert.True(at >= 0, $"{path} has no line any more, or elsewhere: {line}");
                from = at + 1;
            }
        }
    }

    [Theory]
    [InlineData("src", "\\bSigmoid\\b|\"sigmoid\"")]
    [InlineData("src", "\\bSquareOfSqrt\\b|\"square-of-sqrt\"")]
    [InlineData("tests/Coordinator.Tests", "\\bSquareOfSqrt\\b|\"square-of-sqrt\"")]
    public void No_file_that_has_to_do_with_them_is_left_out(string folder, string pattern)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root!, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root!, file))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"));
        var concerned = sources.Where(path => Regex.IsMatch(
            File.ReadAllText(Path.Combine(Repository.Root!, path)), pattern, RegexOptions.None, TimeSpan.FromSeconds(5)));
        Assert.Empty(concerned.Except(Examples().Select(example => example.Path)));
    }

    /// <summary>The files that code is from, and the code's lines without what is before and behind them.</summary>
    private static IEnumerable<(string Path, IReadOnlyList<string> Lines)> Examples()
    {
        var page = Page.Split('\n');
        for (var i = 0; i < page.Length; i++)
        {
            if (Source().Match(page[i]) is { Success: true } source)
            {
                yield return (
                    source.Groups["path"].Value,
                    [.. page.Skip(i + 2).TakeWhile(line => line.StartsWith(Indent, StringComparison.Ordinal)).Select(line => line.Trim())]);
            }
        }
    }

    [GeneratedRegex("^`(?<path>(src|tests)/[A-Za-z0-9_./-]+\\.cs)`:$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex Source();
}
