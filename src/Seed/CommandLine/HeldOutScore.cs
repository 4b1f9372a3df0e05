using System.Collections.Immutable;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>What scores of a whole benchmark are worth on the part of it that a split holds out.</summary>
internal static class HeldOutScore
{
    /// <summary>Why there is no such part, in one line; null where there is.</summary>
    /// <param name="asked">The benchmark, and its split.</param>
    public static string? FindProblem(EvaluatedBenchmark asked)
    {
        var (benchmark, configuration) = (asked.Benchmark, asked.Configuration);
        if (configuration.SearchIds.IsEmpty && configuration.SearchArchitectures < SearchConfiguration.FewestArchitectures)
        {
            return $"{benchmark.Architectures.Length} architectures are too few to search some of them and to rank the others";
        }

        return BenchmarkFit.FindProblem(benchmark, configuration) switch
        {
            null => null,
            { Field: "searchArchitectures" } few => few.Mend,
            var other => other.ToString(),
        };
    }

    /// <summary>
    /// The figures on the held-out part. A predictor scores it by itself, as its ranks are among what is scored together.
    /// </summary>
    /// <param name="useCase">Scores; what the whole benchmark took is at hand.</param>
    /// <param name="asked">The benchmark, how its networks are probed, and its split, with which there is no problem.</param>
    /// <param name="set">The whole benchmark.</param>
    /// <param name="onAll">Proxies with their scores of it.</param>
    /// <param name="predictors">The predictors among them.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="LPZero.Messages.Control.SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<HeldOutPart> OfAsync(
        ScoreUseCase useCase, EvaluatedBenchmark asked, ArchitectureSet set, IReadOnlyList<ScoredProxy> onAll,
        ImmutableArray<Predictor> predictors, CancellationToken interrupt)
    {
        var sample = SearchSample.Of(asked.Benchmark, asked.Configuration);

        // Where all networks are in the search set, there is nothing to score.
        var ofPredictors = sample.HeldOut.Architectures.IsEmpty || predictors.IsEmpty
            ? []
            : await useCase.RunAsync(asked, sample.HeldOut, new ProxyChoices([], [], predictors, []), interrupt);
        var again = ofPredictors.ToDictionary(scored => scored.Name, StringComparer.Ordinal);
        var places = set.Architectures.Select((architecture, place) => (architecture.Id, place))
            .ToDictionary(StringComparer.Ordinal);
        List<ScoredProxy> scored =
        [
            .. onAll.Select(proxy => proxy.Kind == ProxyKind.Predictor && again.TryGetValue(proxy.Name, out var own) ? own
                : proxy.Scores.IsEmpty ? proxy
                : proxy with { Scores = [.. sample.HeldOut.Architectures.Select(held => proxy.Scores[places[held.Id]])] }),
        ];
        return await Task.Run(
            () => HeldOutPart.Of(asked.Name, asked.Benchmark, asked.Configuration, sample, scored), interrupt).WaitAsync(interrupt);
    }
}
