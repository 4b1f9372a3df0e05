using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.CommandLine;

/// <summary>A benchmark to evaluate on, and how its networks are probed.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Configuration">The configuration.</param>
internal sealed record EvaluatedBenchmark(string Name, Benchmark Benchmark, SearchConfiguration Configuration)
{
    /// <summary>Whether somebody said which shapes the networks have, which then goes before what a predictor's file says.</summary>
    public bool HasGivenShapes { get; init; }

    /// <summary>The options that somebody gave of how proxies are scored, which have no effect on a predictor.</summary>
    public ImmutableArray<string> GivenOfProbe { get; init; } = [];
}

/// <summary>Evaluates proxies and structural baselines on benchmarks.</summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="threads">Threads that compute side by side; null where that is not known, and so neither is the time of one.</param>
/// <param name="progress">Told how far it has come.</param>
internal sealed class EvaluateUseCase(ITermCollector terms, int? threads, IProgress<TermProgress>? progress)
{
    /// <summary>A part of the table for each benchmark, in their order.</summary>
    /// <param name="benchmarks">The benchmarks.</param>
    /// <param name="proxies">The proxies.</param>
    /// <param name="published">Scores that others published, to hold the proxies of the same names against; null for none.</param>
    /// <param name="sample">How many architectures of each benchmark to take, drawn by network; null for all.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="UsageException">A file of scores fits none of the benchmarks.</exception>
    /// <exception cref="SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<ImmutableArray<BenchmarkEvaluation>> RunAsync(
        ImmutableArray<EvaluatedBenchmark> benchmarks, ProxyChoices proxies, ScoreFile? published, int? sample,
        CancellationToken interrupt)
    {
        ImmutableArray<ArchitectureSet> sets = [.. benchmarks.Select(benchmark => SetOf(benchmark, sample))];
        var files = FitFiles(benchmarks, sets, proxies.Files);
        FitFiles(benchmarks, sets, published is null ? [] : [published]);
        var evaluations = ImmutableArray.CreateBuilder<BenchmarkEvaluation>();
        foreach (var (index, asked) in benchmarks.Index())
        {
            var set = sets[index];
            var useCase = new ScoreUseCase(terms, threads, progress);
            List<ScoredProxy> scored =
            [
                .. await useCase.RunAsync(asked, set, proxies, interrupt), .. files.SelectMany(file => Scores(file, asked, set)),
            ];
            var part = BenchmarkSample.Evaluated(asked, sample);
            var heldOut = HeldOutScore.FindProblem(part) is null
                ? await HeldOutScore.OfAsync(useCase, part, set, scored, proxies.Predictors, interrupt)
                : null;
            var evaluation = await Task.Run(() => Evaluate(asked, set, scored, published), interrupt).WaitAsync(interrupt);
            evaluations.Add(evaluation with { HeldOut = heldOut });
        }

        return evaluations.ToImmutable();
    }

    /// <summary>The architectures with the truths that proxies are judged by.</summary>
    private static ArchitectureSet SetOf(EvaluatedBenchmark asked, int? sample)
    {
        var set = ArchitectureSet.Of(BenchmarkSample.Of(asked, sample).Architectures, asked.Configuration.ShapesOn(asked.Benchmark));
        return set with { Architectures = TaskTruth.Judging(asked.Benchmark, set.Architectures, asked.Configuration.Truth) };
    }

    /// <summary>Checks before anything is computed that each file is about one of the benchmarks.</summary>
    private static ImmutableArray<ScoreFile> FitFiles(
        ImmutableArray<EvaluatedBenchmark> benchmarks, ImmutableArray<ArchitectureSet> sets, ImmutableArray<ScoreFile> files)
    {
        foreach (var file in files)
        {
            var misfits = benchmarks.Select((asked, i) => file.FindMisfit(asked.Benchmark, sets[i].Architectures)).ToList();
            if (misfits.TrueForAll(misfit => misfit is not null))
            {
                throw new UsageException(misfits[0]!);
            }
        }

        return files;
    }

    private static IEnumerable<ScoredProxy> Scores(ScoreFile file, EvaluatedBenchmark asked, ArchitectureSet set)
    {
        var misfit = file.FindMisfit(asked.Benchmark, set.Architectures);
        return misfit is null
            ? file.Proxies.Zip(file.Of(set.Architectures), (name, scores) => new ScoredProxy(name, ProxyKind.Scores, scores))
            : file.Proxies.Select(name =>
                new ScoredProxy(name, ProxyKind.Scores, [], Reason: "the file holds the scores of another benchmark"));
    }

    private static IReadOnlyDictionary<string, ImmutableArray<double>>? Published(
        EvaluatedBenchmark asked, ArchitectureSet set, ScoreFile? published) =>
        published is null || published.FindMisfit(asked.Benchmark, set.Architectures) is not null
            ? null
            : published.Proxies.Zip(published.Of(set.Architectures), (name, scores) => (name, scores)).ToDictionary(
                column => column.name, column => column.scores, StringComparer.Ordinal);

    private static BenchmarkEvaluation Evaluate(
        EvaluatedBenchmark asked, ArchitectureSet set, List<ScoredProxy> scored, ScoreFile? published) => BenchmarkEvaluation.Of(
        asked.Name, asked.Benchmark, asked.Configuration, set,
        [.. ScoredProxy.BaselinesOf(new StructuralBaselines(asked.Benchmark, asked.Configuration.SequenceLength), set), .. scored],
        ProxyEvaluator.DefaultSeed, Published(asked, set, published));
}
