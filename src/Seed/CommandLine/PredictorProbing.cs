using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// How a benchmark's networks are probed for a predictor: as its file says, in the shapes that it names unless others are given.
/// </summary>
internal static class PredictorProbing
{
    /// <summary>The benchmark, probed so; as it is where the predictor has no proxies.</summary>
    public static EvaluatedBenchmark Of(EvaluatedBenchmark on, Predictor predictor)
    {
        if (predictor.Probe is not { } probe)
        {
            return on;
        }

        var configuration = PredictorProbes.With(on.Configuration, probe);
        return on with
        {
            Configuration = on.HasGivenShapes ? configuration with { Shapes = on.Configuration.Shapes } : configuration,
        };
    }

    /// <summary>Which of the options that are given have no effect on a predictor, in a sentence; null where none is.</summary>
    public static string? NoteOn(Predictor predictor, EvaluatedBenchmark on) => predictor.Probe is null || on.GivenOfProbe.IsEmpty
        ? null
        : $"{predictor.Name} is probed as its file says: {string.Join(", ", on.GivenOfProbe)} " +
            $"{(on.GivenOfProbe.Length == 1 ? "has" : "have")} no effect on it.";

    /// <summary>Why a benchmark that is probed so cannot be, in one line, or null where it can.</summary>
    /// <param name="on">What <see cref="Of"/> gave.</param>
    /// <param name="predictor">The predictor.</param>
    public static string? FindMisfit(EvaluatedBenchmark on, Predictor predictor) =>
        predictor.Probe is null ? null
        : BenchmarkFit.FindProblemOfProbe(on.Benchmark, on.Configuration) is { } problem
            ? $"the predictor's probe does not fit {on.Name} ({problem.Field} {problem.Value}: {problem.Mend})"
            : on.Configuration.Probe(on.Benchmark.Sizes).FindProblem() is { } reason
                ? $"the predictor's probe does not fit {on.Name} ({reason}); take a predictor that was made with another --batch"
                : null;

    /// <summary>The benchmark, probed so.</summary>
    /// <exception cref="UsageException">It does not fit, or cannot be split so.</exception>
    public static EvaluatedBenchmark Required(EvaluatedBenchmark on, Predictor predictor)
    {
        var probed = Of(on, predictor);
        return (FindMisfit(probed, predictor) ?? BenchmarkFit.FindProblem(probed.Benchmark, probed.Configuration)?.ToString()) is { } misfit
            ? throw new UsageException($"{predictor.Name}: {misfit}")
            : probed;
    }
}
