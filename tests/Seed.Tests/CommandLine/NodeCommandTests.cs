using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Program;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class NodeCommandTests
{
    [Theory]
    [InlineData("--roles gpu --metrics", "--metrics: nothing listens on this node: say where with --control ADDRESS:PORT")]
    [InlineData("--roles coordinator --control none --metrics", "--metrics: nothing listens on this node")]
    [InlineData("--roles gpu --control somewhere", "--control somewhere: give an address and a port")]
    [InlineData("--log-format yaml", "--log-format yaml:")]
    public async Task What_cannot_be_watched_is_said_before_anything_is_begun(string given, string expected)
    {
        using var folder = new TemporaryFolder();
        var printed = await Lpzero.RunAsync(folder.Path, ["node", .. given.Split(' ')]);

        Assert.Equal(2, printed.ExitCode);
        Assert.Contains(expected, printed.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
