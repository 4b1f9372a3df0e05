using LPZero.Messages.Predictors;

namespace LPZero.Seed.CommandLine;

/// <summary>What a predictor's file leaves open of the networks that it was made on.</summary>
internal static class PredictorOrigin
{
    /// <summary>
    /// That it may have been made on the very networks that it is judged on, in a sentence; null where its file excludes that. The file
    /// names a space and no networks, and one formula alone may have been chosen on several spaces.
    /// </summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="on">What it is judged on.</param>
    public static string? NoteOn(Predictor predictor, EvaluatedBenchmark on) =>
        predictor.Space == on.Benchmark.Architectures[0].Genotype.Space || predictor.Root.OnlyProxy is not null
            ? $"The predictor {predictor.Name} may have been made on some of the very networks of {on.Name} that it is judged on: its " +
                $"file names the space {predictor.Space}, and no networks."
            : null;
}
