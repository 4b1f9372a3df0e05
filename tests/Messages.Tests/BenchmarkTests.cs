using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Spaces;
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

    private static readonly Benchmark OfTasks = Good with
    {
        Tasks = new TruthTasks(["a", "b"])
        {
            Failed = [new("a", Below: 1), new("b", Equal: 0)],
            Reliability = new Dictionary<string, double>(StringComparer.Ordinal) { ["a"] = 0.9, ["b"] = 0 }.ToImmutableSortedDictionary(),
        },
        Architectures = [.. Good.Architectures.Select((a, i) => a with { Tasks = [i, 7 - i] })],
    };

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
        { "architecture 3: it has scores of tasks, and the benchmark does not name any", With(a => a with { Tasks = [1] }) },
        { "architecture 0: it has 0 scores for 2 tasks", Good with { Tasks = OfTasks.Tasks } },
        { "architecture 3: its score of 'b' is not finite", OfTasks with
            {
                Architectures = OfTasks.Architectures.SetItem(3, OfTasks.Architectures[3] with { Tasks = [1, double.NaN] }),
            } },
        { "names of the tasks are missing", WithTasks(tasks => tasks with { Names = default }) },
        { "two tasks have one name", WithTasks(tasks => tasks with { Names = ["a", "a"] }) },
        { "the failure rule names the task 'c', which the benchmark has not; did you mean a, b?",
            WithTasks(tasks => tasks with { Failed = [new("c", Below: 1)] }) },
        { "the failure rule of 'a' has to give one of below and equal", WithTasks(tasks => tasks with { Failed = [new("a")] }) },
        { "the failure rule of 'a' gives no finite number", WithTasks(tasks => tasks with { Failed = [new("a", Below: double.NaN)] }) },
        { "the reliability of 'a' is -1; give a number from 0 to below 1", WithTasks(tasks => Reliable(tasks, "a", -1)) },
        { "the reliability of 'a' is 1; give", WithTasks(tasks => Reliable(tasks, "a", 1)) },
        { "the reliability names the task 'd'", WithTasks(tasks => Reliable(tasks, "d", 0.5)) },
    };

    [Fact]
    public void A_benchmark_that_can_be_used_has_no_problem()
    {
        Assert.Null(Good.FindProblem());
        Assert.Null(OfTasks.FindProblem());
    }

    [Fact]
    public void A_training_has_failed_that_meets_one_of_the_conditions() =>
        Assert.Equal(["0", "7"], OfTasks.Architectures.Where(OfTasks.Tasks!.HasFailed).Select(a => a.Id));

    [Fact]
    public void A_benchmark_without_tasks_has_the_digest_that_it_had_before_there_were_tasks() =>
        Assert.Equal("fe9bf6c2e340f9cab430f9c601e456720165675e681bb67d4ac68dd673dda8df", BenchmarkDigest.Of(Good));

    [Fact]
    public void The_digest_depends_on_all_that_is_said_of_tasks()
    {
        Benchmark[] different =
        [
            Good, OfTasks, WithTasks(tasks => tasks with { Names = ["a", "c"] }), WithTasks(tasks => tasks with { Failed = [] }),
            WithTasks(tasks => tasks with { Failed = [new("a", Below: 2), new("b", Equal: 0)] }),
            WithTasks(tasks => Reliable(tasks, "b", 0.1)),
            OfTasks with { Architectures = OfTasks.Architectures.SetItem(3, OfTasks.Architectures[3] with { Tasks = [3, 4.0000001] }) },
        ];
        Assert.Equal(different.Length, different.Select(BenchmarkDigest.Of).Distinct().Count());
    }

    [Fact]
    public void Tasks_are_read_back_from_a_message()
    {
        var read = JsonSerializer.Deserialize<Benchmark>(
            JsonSerializer.Serialize(OfTasks, MessageJson.Options), MessageJson.Reading(SearchSpaces.Known.Parse))!;
        Assert.Equal(BenchmarkDigest.Of(OfTasks), BenchmarkDigest.Of(read));
        Assert.DoesNotContain("tasks", JsonSerializer.Serialize(Good, MessageJson.Options), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_used_is_named(string problem, Benchmark benchmark) =>
        Assert.Contains(problem, benchmark.FindProblem(), StringComparison.Ordinal);

    private static Benchmark WithTasks(Func<TruthTasks, TruthTasks> change) => OfTasks with { Tasks = change(OfTasks.Tasks!) };

    private static TruthTasks Reliable(TruthTasks tasks, string task, double reliability) =>
        tasks with { Reliability = tasks.Reliability.SetItem(task, reliability) };

    private static Benchmark Of(FlexiBertGenotype genotype) => With(a => a with { Genotype = genotype });

    private static Benchmark With(Func<Architecture, Architecture> change) =>
        Good with { Architectures = Good.Architectures.SetItem(3, change(Good.Architectures[3])) };
}
