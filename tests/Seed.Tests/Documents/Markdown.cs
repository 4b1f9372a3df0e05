using System.Text.RegularExpressions;

namespace LPZero.Seed.Tests.Documents;

/// <summary>The pages of the repository.</summary>
internal static partial class Markdown
{
    private const int Patience = 10_000;

    /// <summary>Paths as seen from the repository's root, with texts.</summary>
    public static IReadOnlyList<(string Path, string Text)> Pages { get; } =
    [
        .. new[] { ".", "docs", ".github", Path.Combine("clients", "python") }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root!, folder), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root!, Path.GetFullPath(file))).Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(Repository.Root!, path)))),
    ];

    /// <summary>The paths of those in docs/.</summary>
    public static IEnumerable<string> Docs =>
        Pages.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal));

    /// <summary>The text of a page.</summary>
    public static string Page(string path) => Pages.Single(page => page.Path == path).Text;

    /// <summary>The targets of a page's links, those in code left out.</summary>
    public static IEnumerable<string> Links(string text) =>
        LinkPattern().Matches(CodePattern().Replace(text, "")).Select(match => match.Groups["target"].Value);

    /// <summary>The files and folders of the repository that a page names as code; those with a place for a name are left out.</summary>
    public static IEnumerable<string> Paths(string text) =>
        PathPattern().Matches(text).Select(match => match.Groups["path"].Value).Where(path => !PlacePattern().IsMatch(path));

    /// <summary>The names that links may point to within a page, as GitHub makes them of headings.</summary>
    public static IEnumerable<string> Anchors(string text) => text.Split('\n').Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchorPattern().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Lines of code blocks, lines that go on joined, and pieces of code within text.</summary>
    public static IEnumerable<(string Code, bool IsBlock)> Code(string text)
    {
        var joined = text.Replace("\\\n", " ", StringComparison.Ordinal);
        var blocks = BlockPattern().Matches(joined).SelectMany(block => block.Value.Split('\n')).Select(line => (line.Trim(), true));
        var pieces = PiecePattern().Matches(BlockPattern().Replace(joined, ""))
            .Select(match => (match.Groups["code"].Value.ReplaceLineEndings(" "), false));
        return blocks.Concat(pieces);
    }

    [GeneratedRegex("(\\]\\(|src=\")(?<target>[^)\"\\s]+)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex LinkPattern();

    [GeneratedRegex("```.*?```|`[^`]*`", RegexOptions.Singleline, Patience)]
    private static partial Regex CodePattern();

    [GeneratedRegex("`(?<path>(src|tests|deploy|docs|bench|clients)/[A-Za-z0-9_./-]+)`", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PathPattern();

    // src/GpuNode/Spaces/NAME, tests/X.Tests.
    [GeneratedRegex("/([A-Z]+|X[.A-Za-z]*)(/|$)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PlacePattern();

    // Fenced, or behind four blanks.
    [GeneratedRegex("(?<=^```[a-z]*\n).*?(?=^```)|(?<=\n\n)(?:^    [^\n]*\n)+", RegexOptions.Singleline | RegexOptions.Multiline, Patience)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PiecePattern();

    [GeneratedRegex("[^a-z0-9 _-]", RegexOptions.None, Patience)]
    private static partial Regex NotInAnchorPattern();
}
