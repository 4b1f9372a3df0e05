using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>A part of a benchmark, as <c>--sample</c> asks for it.</summary>
internal static class BenchmarkSample
{
    /// <summary>The benchmark with so many of its architectures at most, whole networks drawn with the configuration's seed.</summary>
    /// <param name="whole">The benchmark, and its configuration.</param>
    /// <param name="count">How many; null for all.</param>
    public static Benchmark Of(EvaluatedBenchmark whole, int? count) =>
        count is { } given && given < whole.Benchmark.Architectures.Length
            ? whole.Benchmark with
            {
                Architectures = SearchSample.Of(whole.Benchmark, whole.Configuration with
                {
                    SearchArchitectures = given,
                    SearchIds = [],
                    Sampling = Sampling.Drawn,
                    Truth = TruthKind.Given,
                }).Search.Architectures,
            }
            : whole.Benchmark;

    /// <summary>The same as something to evaluate, which is split as a benchmark of that size.</summary>
    /// <param name="whole">The benchmark, and its configuration.</param>
    /// <param name="count">How many; null for all.</param>
    public static EvaluatedBenchmark Evaluated(EvaluatedBenchmark whole, int? count) =>
        Of(whole, count) is var part && ReferenceEquals(part, whole.Benchmark) ? whole : whole with
        {
            Benchmark = part,
            Configuration = whole.Configuration with
            {
                SearchArchitectures = FittedPreset.Searched(whole.Configuration.SearchArchitectures, part.Architectures.Length),
            },
        };
}
