using System.Text.RegularExpressions;
using LPZero.Messages;

namespace LPZero.Seed.Tests.Documents;

public sealed partial class VersionTests
{
    [Theory]
    [InlineData("CITATION.cff")]
    [InlineData("clients/python/pyproject.toml")]
    public void A_file_that_names_the_version_names_that_of_the_program(string file) =>
        Assert.Equal(ProgramVersion.Text.Split('+')[0],
            VersionPattern().Match(File.ReadAllText(Path.Combine(Repository.Root!, file))).Groups["version"].Value);

    [GeneratedRegex("^version *[:=] *\"?(?<version>[0-9.]+)\"?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 10_000)]
    private static partial Regex VersionPattern();
}
