using System.Globalization;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Messages.Tests;

/// <summary>What is refused of a benchmark that comes as a message, where no reader has looked at it.</summary>
public sealed class BenchmarkTests
{
    private static readonly FlexiBertLayer Layer = new(MixingOperation.Convolution5, 4, 512, 3);

    private static readonly Benchmark Good = new(
        "made up", "score", Shapes.Genotype, FlexiBertSpace.PublicSizes,
        [.. Enumerable.Range(0, 8)
            .Select(i => new Architecture(i.ToString(CultureInfo.InvariantCulture), new FlexiBertGenotype(128, [Layer]), i))]);

    public static TheoryData<string, Benchmark> Bad => new()
    {
        { "name holds the control character U+001B", Good with { Name = "\u001b[2J" } },
        { "metric is empty", Good with { Metric = "" } },
        { "are no shapes", Good with { Shapes = (Shapes)9 } },
        { "sizes of the embedding are missing", Good with { Sizes = null! } },
        { "vocabulary 2147483647: give a number from 2 to 1000000", Good with { Sizes = Good.Sizes with { Vocabulary = int.MaxValue } } },
        { "architecture 0: FlexiBERT needs a width of the embedding", Good with { Sizes = Good.Sizes with { Embedding = null } } },
        { "0 architectures are too few", Good with { Architectures = default } },
        { "7 architectures are too few", Good with { Architectures = Good.Architectures[1..] } },
        { "all truths are equal", Good with { Architectures = [.. Good.Architectures.Select(a => a with { Truth = 1 })] } },
        { "architecture 3: is missing", With(_ => null!) },
        { "architecture 3: is missing", With(a => a with { Genotype = null! }) },
        { "architecture 3: the id '2' is another's, too", With(a => a with { Id = "2" }) },
        { "architecture 3: the truth is not finite", With(a => a with { Truth = double.NaN }) },
        { "architecture 3: hidden size 2000000000: give a number from 1 to 65536",
            Of(new FlexiBertGenotype(2_000_000_000, [Layer])) },
        { "architecture 3: layers 0", Of(new FlexiBertGenotype(128, default)) },
        { "architecture 3: layer 0: is missing", Of(new FlexiBertGenotype(128, [null!])) },
        { "architecture 3: layer 1: 17 is no operation",
            Of(new FlexiBertGenotype(128, [Layer, Layer with { Operation = (MixingOperation)17 }])) },
        { "layer 0: heads 0: give a number from 1", Of(new FlexiBertGenotype(128, [Layer with { Heads = 0 }])) },
        { "hidden size 128 is not divisible by 3 heads", Of(new FlexiBertGenotype(128, [Layer with { Heads = 3 }])) },
        { "DSC/5 keeps one of 2 heads, so 1 does not do", Of(new FlexiBertGenotype(128, [Layer with { Heads = 1 }])) },
        { "feed-forward dimension -1", Of(new FlexiBertGenotype(128, [Layer with { FeedForwardDimension = -1 }])) },
        { "feed-forwards 1000000000: give a number from 1 to 100",
            Of(new FlexiBertGenotype(128, [Layer with { FeedForwards = 1_000_000_000 }])) },
    };

    [Fact]
    public void A_benchmark_that_can_be_used_has_no_problem() => Assert.Null(Good.FindProblem());

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_used_is_named(string problem, Benchmark benchmark) =>
        Assert.Contains(problem, benchmark.FindProblem(), StringComparison.Ordinal);

    private static Benchmark Of(FlexiBertGenotype genotype) => With(a => a with { Genotype = genotype });

    private static Benchmark With(Func<Architecture, Architecture> change) =>
        Good with { Architectures = Good.Architectures.SetItem(3, change(Good.Architectures[3])) };
}
