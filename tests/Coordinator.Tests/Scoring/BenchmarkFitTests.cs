using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Scoring;

/// <summary>Whether the networks of a benchmark can be built and ranked.</summary>
public sealed class BenchmarkFitTests
{
    private static readonly SearchConfiguration Configuration = new() { Preset = "default", SearchArchitectures = 8 };

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

    [Theory]
    [InlineData(9, FitnessTarget.Residual, false)]
    [InlineData(9, FitnessTarget.Sum, false)]
    [InlineData(9, FitnessTarget.Truth, true)]
    [InlineData(10, FitnessTarget.Residual, true)]
    public void What_structure_leaves_of_the_truth_is_known_of_ten_networks_on(int networks, FitnessTarget fitness, bool fits) =>
        Assert.Equal(fits ? null : "fitness", BenchmarkFit.FindProblem(
            Made(i => new FlexiBertGenotype(64 * (1 + (i % networks)), [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1)])),
            Configuration with { SearchArchitectures = 12, Sampling = Sampling.First, Fitness = fitness })?.Field);

    [Fact]
    public void A_prefix_is_a_ranking_that_the_space_has()
    {
        var benchmark = Made(i => new FlexiBertGenotype(64 * (1 + i), [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1)]));
        foreach (var name in new[] { RankingNames.LayersThenHiddenSize, "layers x hidden", "parameters" })
        {
            Assert.Null(BenchmarkFit.FindProblem(benchmark, Configuration with { Prefix = name }));
        }

        var problem = BenchmarkFit.FindProblem(benchmark, Configuration with { Prefix = "layerz" });
        Assert.Equal(("prefix", "layerz"), (problem!.Field, problem.Value));
        Assert.Contains("did you mean layers", problem.Mend, StringComparison.Ordinal);
        Assert.Equal(
            "prefix", BenchmarkFit.FindProblem(benchmark, Configuration with { Prefix = RankingNames.StructureRegression })?.Field);
    }

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

    [Theory]
    [InlineData("flexibert:{1}:SA/SDP-h2-f512x1", true, true)]
    [InlineData("gpt2:d64-e64-k1:h2-f{0}", false, true)]
    [InlineData("open-lm:d{1}-l2-h2", false, true)]
    [InlineData("hw-gpt:d192-b1:h2-m{2}", false, true)]
    [InlineData("hw-gpt:d{1}-b1:h2-m4", false, false)]
    public void Masked_tokens_and_the_start_of_training_are_asked_of_spaces_that_know_them(string form, bool masked, bool asTrained)
    {
        var benchmark = Made(i => SearchSpaces.Known.Parse(string.Format(CultureInfo.InvariantCulture, form, 64 + i, 64 * (1 + i), 1 + i)));

        Assert.Null(BenchmarkFit.FindProblem(benchmark, Configuration));
        Assert.Equal(masked ? null : "loss", BenchmarkFit.FindProblem(benchmark, Configuration with { Loss = LossKind.Masked })?.Field);
        Assert.Equal(masked ? null : "loss", BenchmarkFit.FindProblem(benchmark, Configuration with { Loss = LossKind.Sum })?.Field);
        Assert.Equal(masked ? null : "mode", BenchmarkFit.FindProblem(benchmark, Configuration with { Mode = ProbeMode.Training })?.Field);
        Assert.Equal(
            asTrained ? null : "start", BenchmarkFit.FindProblem(benchmark, Configuration with { Start = WeightStart.AsTrained })?.Field);
    }

    private static Benchmark Made(Func<int, Genotype> genotype) => new(
        "made up", "score", Shapes.AsTrained, FlexiBertSpace.PublicSizes,
        [.. Enumerable.Range(0, 12).Select(i => new Architecture(i.ToString(CultureInfo.InvariantCulture), genotype(i), i))]);
}
