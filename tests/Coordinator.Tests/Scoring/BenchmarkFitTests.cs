using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Scoring;

/// <summary>Whether the networks of a benchmark can be built and ranked.</summary>
public sealed class BenchmarkFitTests
{
    private static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["default"] with { SearchArchitectures = 8 };

    [Fact]
    public void Genotypes_that_build_one_network_are_refused()
    {
        // As trained, every operation is attention.
        var benchmark = Made(i => new FlexiBertGenotype(64, [new FlexiBertLayer((MixingOperation)(i % 6), 2, 512, 1)]));
        var problem = BenchmarkFit.FindProblem(benchmark, Configuration);
        Assert.Equal("searchArchitectures", problem!.Field);
        Assert.Contains("too few to rank", problem.Mend, StringComparison.Ordinal);
        Assert.Null(BenchmarkFit.FindProblem(benchmark, Configuration with { Shapes = Shapes.Genotype }));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Four_networks_are_enough(int networks, bool fits) =>
        Assert.Equal(fits, BenchmarkFit.FindProblem(
            Made(i => new FlexiBertGenotype(64 * (1 + (i % networks)), [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1)])),
            Configuration with { SearchArchitectures = 12 }) is null);

    [Fact]
    public void Heads_that_do_not_divide_the_published_hidden_size_are_refused_before_anything_is_built()
    {
        var benchmark = Made(i =>
            new FlexiBertGenotype(96, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 3, 512, 1), 1 + i)]));
        Assert.Null(BenchmarkFit.FindProblem(benchmark, Configuration));
        var problem = BenchmarkFit.FindProblem(benchmark, Configuration with { Shapes = Shapes.Published });
        Assert.Equal("shapes", problem!.Field);
        Assert.Contains("hidden size 256 is not divisible by 3 heads", problem.Mend, StringComparison.Ordinal);
    }

    private static Benchmark Made(Func<int, FlexiBertGenotype> genotype) => new(
        "made up", "score", Shapes.AsTrained, FlexiBertSpace.PublicSizes,
        [.. Enumerable.Range(0, 12).Select(i => new Architecture(i.ToString(CultureInfo.InvariantCulture), genotype(i), i))]);
}
