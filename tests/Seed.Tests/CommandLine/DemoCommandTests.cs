using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.CommandLine;

public class DemoCommandTests
{
    [Fact]
    public void The_data_are_where_the_launcher_says_beside_a_publish_or_in_the_working_directory()
    {
        using var program = new TemporaryFolder();
        Assert.Equal(".", DemoCommand.Root(named: null, program.Path));
        Directory.CreateDirectory(program.File("data"));
        Assert.Equal(program.Path, DemoCommand.Root(named: null, program.Path));
        Assert.Equal("/sources", DemoCommand.Root("/sources", program.Path));
    }
}
