using System.Collections.Immutable;
using LPZero.Messages.Predictors;

namespace LPZero.Seed.CommandLine;

/// <summary>What a reader of the figures of predictors has to know.</summary>
internal static class PredictorNotes
{
    /// <summary>In sentences; none where there is nothing to say.</summary>
    /// <param name="predictors">The predictors.</param>
    /// <param name="on">What they are judged on.</param>
    public static ImmutableArray<string> Of(ImmutableArray<Predictor> predictors, ImmutableArray<EvaluatedBenchmark> on)
    {
        return [.. Each(PredictorOrigin.NoteOn), .. Each(PredictorProbing.NoteOn).Distinct(StringComparer.Ordinal)];

        IEnumerable<string> Each(Func<Predictor, EvaluatedBenchmark, string?> note) =>
            on.SelectMany(_ => predictors, (benchmark, predictor) => note(predictor, benchmark)).OfType<string>();
    }
}
