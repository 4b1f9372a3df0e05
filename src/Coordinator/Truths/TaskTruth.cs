using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Truths;

/// <summary>
/// A truth that is made of tasks by their reliability: the mean of the tasks' z-scores, each weighted by r / (1 - r), the ratio of the
/// variance between networks to that between trainings of one network, where r is the reliability of classical test theory (Lord and
/// Novick, "Statistical Theories of Mental Test Scores", 1968), 1 - noise² / variance. Mean and deviation of the z-scores, and
/// reliabilities that are measured, are those of trainings that have not failed, so that a failure does not count for less.
/// </summary>
public static class TaskTruth
{
    // From few replicates a task may seem to have no noise, and would outweigh all others.
    private const double HighestReliability = 0.98;

    /// <summary>Why no such truth can be made while searching, in one line, or null where one can.</summary>
    /// <param name="benchmark">A benchmark with tasks.</param>
    /// <param name="search">The architectures that are searched.</param>
    public static string? FindProblem(Benchmark benchmark, IReadOnlyList<Architecture> search) =>
        Measure(benchmark, search) is not { } reliability
            ? "no network of the search set was trained twice, so how reliable a task is cannot be known there; search more architectures"
            : reliability.Any(r => r > 0) ? null
            : "by the networks of the search set that were trained twice no task is reliable; search more architectures";

    /// <summary>The search set's architectures with truths by the reliabilities that its own replicates show.</summary>
    /// <param name="benchmark">A benchmark with tasks.</param>
    /// <param name="search">The architectures that are searched.</param>
    /// <exception cref="InvalidOperationException">See <see cref="FindProblem"/>.</exception>
    public static ImmutableArray<Architecture> WhileSearching(Benchmark benchmark, IReadOnlyList<Architecture> search) =>
        FindProblem(benchmark, search) is { } problem
            ? throw new InvalidOperationException(problem)
            : Weighted(benchmark, search, search, Measure(benchmark, search)!.Value);

    /// <summary>Architectures with truths by the reliabilities that the benchmark fixes, of z-scores over all of it.</summary>
    /// <param name="benchmark">A benchmark whose tasks have reliabilities.</param>
    /// <param name="judged">Architectures of it.</param>
    public static ImmutableArray<Architecture> Judging(Benchmark benchmark, IReadOnlyList<Architecture> judged) => Weighted(
        benchmark, benchmark.Architectures, judged,
        [.. benchmark.Tasks!.Names.Select(name => benchmark.Tasks.Reliability.GetValueOrDefault(name))]);

    /// <summary>Architectures with the truths that rankings are judged by.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="judged">Architectures of it.</param>
    /// <param name="kind">How the truth is made.</param>
    public static ImmutableArray<Architecture> Judging(Benchmark benchmark, ImmutableArray<Architecture> judged, TruthKind kind) =>
        kind == TruthKind.Reliability ? Judging(benchmark, judged) : judged;

    /// <summary>What the truth measures, for reports.</summary>
    public static string Metric(Benchmark benchmark, TruthKind kind) =>
        kind == TruthKind.Reliability ? $"{benchmark.Metric}, tasks weighted by reliability" : benchmark.Metric;

    /// <summary>The reliability of each task, 0 to 0.98; null where no network was trained twice.</summary>
    /// <param name="benchmark">A benchmark with tasks.</param>
    /// <param name="architectures">Architectures of it.</param>
    public static ImmutableArray<double>? Measure(Benchmark benchmark, IReadOnlyList<Architecture> architectures)
    {
        var trainings = Trainings.Of(benchmark, architectures);
        var reliability = ImmutableArray.CreateBuilder<double>();
        for (var task = 0; task < benchmark.Tasks!.Names.Length; task++)
        {
            double[] scores = [.. architectures.Select(architecture => architecture.Tasks[task])];
            if (TrainingNoise.Of(trainings, scores) is not { } noise)
            {
                return null;
            }

            var (_, deviation) = MeanAndDeviation([.. trainings.Successful.Select(i => scores[i])]);
            reliability.Add(deviation > 0
                ? Math.Clamp(1 - (noise.Overall * noise.Overall / (deviation * deviation)), 0, HighestReliability)
                : 0);
        }

        return reliability.ToImmutable();
    }

    private static ImmutableArray<Architecture> Weighted(
        Benchmark benchmark, IReadOnlyList<Architecture> standard, IReadOnlyList<Architecture> wanted, ImmutableArray<double> reliability)
    {
        var successful = standard.Where(architecture => !benchmark.Tasks!.HasFailed(architecture)).ToList();
        var truth = new double[wanted.Count];
        var weights = 0.0;
        for (var task = 0; task < reliability.Length; task++)
        {
            var weight = reliability[task] / (1 - reliability[task]);
            var (mean, deviation) = MeanAndDeviation([.. successful.Select(architecture => architecture.Tasks[task])]);
            if (weight > 0 && deviation > 0)
            {
                weights += weight;
                for (var i = 0; i < truth.Length; i++)
                {
                    truth[i] += weight * (wanted[i].Tasks[task] - mean) / deviation;
                }
            }
        }

        return [.. wanted.Select((architecture, i) => architecture with { Truth = truth[i] / weights })];
    }

    /// <summary>The mean, and the standard deviation with n - 1; NaN where there are too few values.</summary>
    private static (double Mean, double Deviation) MeanAndDeviation(IReadOnlyList<double> values)
    {
        var mean = values.Count > 0 ? values.Average() : double.NaN;
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
