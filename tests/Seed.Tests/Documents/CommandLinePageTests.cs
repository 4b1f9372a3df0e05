using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.Documents;

public sealed class CommandLinePageTests
{
    [Fact]
    public void The_page_of_the_command_line_is_that_of_the_commands() =>
        RegeneratedFile.AssertHolds("docs/cli.md", CommandLinePage.Text(Commands.Root()));
}
