using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Truths;

/// <summary>Truth that is made of tasks by their reliability.</summary>
public sealed class TaskTruthTests
{
    // Task a is the same for trainings of one network, b is noise, c is constant.
    private static readonly Benchmark Benchmark = Made(pairs: true, i => [i / 2, i % 2, 5]);

    [Fact]
    public void Reliability_is_one_minus_noise_over_variance_within_its_bounds()
    {
        Assert.Equal<double>([0.98, 0, 0], TaskTruth.Measure(Benchmark, Benchmark.Architectures)!.Value);
        var noisy = Made(pairs: true, i => [(i / 2) + (i % 2), i, i]);
        double[] scores = [.. noisy.Architectures.Select(a => a.Tasks[0])];
        var mean = scores.Average();
        var variance = scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1);
        Assert.Equal(1 - (0.5 / variance), TaskTruth.Measure(noisy, noisy.Architectures)!.Value[0], 1e-12);
    }

    [Fact]
    public void Judging_weighs_z_scores_by_the_fixed_reliability()
    {
        var tasks = Benchmark.Tasks! with { Reliability = Reliable(("a", 0.5), ("b", 0.75)) };
        var judged = TaskTruth.Judging(Benchmark with { Tasks = tasks }, Benchmark.Architectures[..3]);
        var (a, b) = (Benchmark.Architectures.Select(x => x.Tasks[0]).ToArray(), Benchmark.Architectures.Select(x => x.Tasks[1]).ToArray());
        Assert.Equal((Standard(a, 2) + (3 * Standard(b, 2))) / 4, judged[2].Truth, 1e-12);

        static double Standard(double[] values, int at) =>
            (values[at] - values.Average())
            / Math.Sqrt(values.Sum(value => (value - values.Average()) * (value - values.Average())) / (values.Length - 1));
    }

    [Fact]
    public void What_has_failed_has_no_say_in_what_a_score_is_worth()
    {
        var before = TaskTruth.Judging(Benchmark, Benchmark.Architectures)[5].Truth;
        var failing = Benchmark with
        {
            Architectures = Benchmark.Architectures.Add(Benchmark.Architectures[0] with { Id = "bad", Tasks = [-1000, 0, -1] }),
        };
        Assert.Equal(before, TaskTruth.Judging(failing, failing.Architectures)[5].Truth);
        Assert.Equal(0.98, TaskTruth.Measure(failing, failing.Architectures)!.Value[0]);
    }

    [Theory]
    [InlineData(false, "no network of the search set was trained twice")]
    [InlineData(true, "no task is reliable")]
    public void A_search_set_that_does_not_show_how_reliable_tasks_are_is_refused(bool pairs, string problem)
    {
        var benchmark = Made(pairs, i => [i % 2, i % 2, 5]);
        var configuration = new SearchConfiguration
        {
            Preset = "default", SearchArchitectures = 16, Truth = TruthKind.Reliability, SequenceLength = 8,
        };
        var found = BenchmarkFit.FindProblem(benchmark, configuration)!;
        Assert.Equal("truth", found.Field);
        Assert.Contains(problem, found.Mend, StringComparison.Ordinal);
        var thrown = Assert.Throws<InvalidOperationException>(() => SearchSample.Of(benchmark, configuration));
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
        Assert.Null(BenchmarkFit.FindProblem(benchmark, configuration with { Truth = TruthKind.Given }));
    }

    [Fact]
    public void A_benchmark_without_tasks_has_no_truth_by_reliability() => Assert.Contains(
        new SearchConfiguration { Preset = "default", SearchArchitectures = 16, Truth = TruthKind.Reliability }
            .Problems(Benchmark with { Tasks = null }),
        problem => problem is { Field: "truth", Value: "reliability" });

    private static Benchmark Made(bool pairs, Func<int, double[]> scores) => new(
        "made up", "score", Shapes.Genotype, FlexiBertSpace.PublicSizes,
        [
            .. Enumerable.Range(0, 24).Select(i => new Architecture(
                i.ToString(CultureInfo.InvariantCulture),
                new FlexiBertGenotype(16 * (1 + (pairs ? i / 2 : i)), [new FlexiBertLayer(MixingOperation.Fourier, 2, 64, 1)]), i)
            {
                Tasks = [.. scores(i)],
            }),
        ])
    {
        Tasks = new TruthTasks(["a", "b", "c"]) { Failed = [new("c", Below: 0)], Reliability = Reliable(("a", 0.9)) },
    };

    private static ImmutableSortedDictionary<string, double> Reliable(params (string Task, double Reliability)[] tasks) =>
        tasks.ToImmutableSortedDictionary(task => task.Task, task => task.Reliability, StringComparer.Ordinal);
}
