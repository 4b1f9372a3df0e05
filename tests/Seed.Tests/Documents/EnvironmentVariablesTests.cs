using System.Text.RegularExpressions;

namespace LPZero.Seed.Tests.Documents;

/// <summary>The table of environment variables, against whatever reads one.</summary>
public sealed partial class EnvironmentVariablesTests
{
    private const int Patience = 10_000;

    [Fact]
    public void The_table_of_variables_has_those_that_are_read_and_no_others()
    {
        var root = Repository.Root!;
        var sources = Matches("src", QuotedPattern()).Concat(Matches("tests", ReadPattern()));
        var scripts = new[] { "lpzero", Path.Combine("deploy", "lpzero-node.service") }
            .SelectMany(file => PlainPattern().Matches(File.ReadAllText(Path.Combine(root, file))));
        var read = sources.Concat(scripts).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var table = RowPattern().Matches(File.ReadAllText(Path.Combine(root, "docs", "configuration.md")))
            .Select(match => match.Groups["name"].Value).ToList();
        Assert.Equal(table.Distinct(StringComparer.Ordinal), table);
        // A secret may also be in a file, whose variable's name is made of the other's.
        var named = table.Where(name => !name.EndsWith("_FILE", StringComparison.Ordinal) || !read.Contains(name[..^"_FILE".Length]));
        Assert.Equal(read.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Match> Matches(string folder, Regex pattern) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root!, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).SelectMany(file => pattern.Matches(File.ReadAllText(file)));

    [GeneratedRegex("\"(?<name>(LPZERO|XDG|OTEL)_[A-Z_]*[A-Z])\"", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex QuotedPattern();

    [GeneratedRegex("GetEnvironmentVariable\\(\"(?<name>LPZERO_[A-Z_]*)\"\\)", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex ReadPattern();

    [GeneratedRegex("(?<name>LPZERO_[A-Z_]*[A-Z])", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PlainPattern();

    [GeneratedRegex(@"^\| `(?<name>[A-Z_]+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, Patience)]
    private static partial Regex RowPattern();
}
