using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Baselines;

/// <summary>Whether a ranking that comes before proxies leaves them something to order.</summary>
public sealed class PrefixTiesTests
{
    private static readonly SearchConfiguration Configuration = new()
    {
        Preset = "default", SearchArchitectures = 12, Sampling = Sampling.First,
    };

    [Theory]
    [InlineData(RankingNames.LayersThenHiddenSize, true)]
    [InlineData("layers", true)]
    [InlineData("parameters", false)]
    [InlineData(RankingNames.StructureRegression, false)]
    [InlineData(RankingNames.StackedRegressions, false)]
    public void A_ranking_that_tells_every_network_from_the_others_is_refused(string prefix, bool leavesTies)
    {
        var benchmark = Made(i => Genotype(64 * (1 + (i % 2)), feedForwardDimension: 64 * (1 + i)));
        var problem = PrefixTies.FindProblem(benchmark, Configuration with { Prefix = prefix });
        Assert.Equal(leavesTies, problem is null);
        Assert.Equal(
            leavesTies ? null : $"prefix {prefix}: it leaves no ties among the 12 searched networks that proxies could break; give a " +
                "coarser ranking, such as 'layers, then hidden size', or leave it out",
            problem?.ToString());
    }

    [Fact]
    public void Genotypes_of_one_network_are_no_tie_that_a_proxy_could_break()
    {
        // As trained, every operation is attention.
        var benchmark = Made(i => Genotype(64 * (1 + (i / 2)), 512, (MixingOperation)(i % 2)));
        var problem = PrefixTies.FindProblem(benchmark, Configuration with { Prefix = RankingNames.LayersThenHiddenSize });
        Assert.Contains("the 6 searched networks", problem!.Mend, StringComparison.Ordinal);
        Assert.Contains("such as 'layers', or", problem.Mend, StringComparison.Ordinal);
        Assert.Null(PrefixTies.FindProblem(
            benchmark, Configuration with { Prefix = RankingNames.LayersThenHiddenSize, Shapes = Shapes.Genotype }));
    }

    [Fact]
    public void Without_a_prefix_there_is_nothing_to_ask() =>
        Assert.Null(PrefixTies.FindProblem(Made(i => Genotype(64 * (1 + i), 512)), Configuration));

    private static FlexiBertGenotype Genotype(
        int hidden, int feedForwardDimension, MixingOperation operation = MixingOperation.ScaledDotProduct) =>
        new(hidden, [new FlexiBertLayer(operation, 2, feedForwardDimension, 3)]);

    private static Benchmark Made(Func<int, Genotype> genotype) => new(
        "made up", "score", Shapes.AsTrained, FlexiBertSpace.PublicSizes,
        [
            .. Enumerable.Range(0, 12).Select(
                i => new Architecture(i.ToString(CultureInfo.InvariantCulture), genotype(i), (5 * i % 12) + (0.1 * i))),
        ]);
}
