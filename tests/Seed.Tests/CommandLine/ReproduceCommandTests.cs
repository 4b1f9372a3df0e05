using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>With which evolution the paper's figures are made again.</summary>
public sealed class ReproduceCommandTests
{
    private static readonly SearchConfiguration Default = SearchConfiguration.Presets["default"];

    [Fact]
    public void It_is_that_of_the_paper_unless_options_say_otherwise()
    {
        var published = ReproduceCommand.Published(Default, _ => false);
        Assert.Equal(
            Default with { Fitness = FitnessTarget.Truth, Iterations = 1000, OffspringPerIteration = 1 }, published);

        var given = ReproduceCommand.Published(Default, name => name is "--iterations" or "--fitness");
        Assert.Equal((Default.Fitness, Default.Iterations, 1), (given.Fitness, given.Iterations, given.OffspringPerIteration));
        Assert.Equal(Default, ReproduceCommand.Published(Default, name => name == "--preset"));
    }
}
