using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.Ablation;

/// <summary>
/// What a search without one fold of its search set says of that fold; a ranking that tells nothing apart has a rho of 0.
/// </summary>
/// <param name="Best">The best proxy's canonical form; null without a valid one.</param>
/// <param name="Answers">
/// Spearman's rho on the fold of the answer by each rule, behind the prefix where there is one; a rule that needs a regression that so few
/// networks do not allow gives the best proxy.
/// </param>
/// <param name="Seconds">How long it took.</param>
internal sealed record FoldOutcome(string? Best, ImmutableSortedDictionary<AnswerRule, double> Answers, double Seconds);

/// <summary>A search, and its answers, on a search set without one of its folds.</summary>
internal static class FoldSearch
{
    /// <summary>
    /// Searches without the fold, then ranks the fold. Of the fold's networks a search sees that a proxy's scores are finite and distinct,
    /// as they are of the same search set, and no truth.
    /// </summary>
    /// <param name="terms">The split with its terms; of the same space, rules and split as the configuration.</param>
    /// <param name="configuration">How to breed; its own answer is one among the others.</param>
    /// <param name="fold">The fold, and the rest.</param>
    /// <param name="progress">Told of terms that are still missing.</param>
    /// <param name="interrupt">Ends it; terms that were computed are kept.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<FoldOutcome> RunAsync(
        SplitTerms terms, SearchConfiguration configuration, NetworkFold fold, IProgress<TermProgress>? progress,
        CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var state = await CachedSearch.SearchAsync(terms, configuration, fold.Training, progress, interrupt);
        var run = new ReportedRun(
            Name: "", configuration, terms.Benchmark, new SearchSample(fold.Training, fold.Test), terms.NumericProfile, state,
            new TermCacheUse(Hits: 0, Misses: 0), Seconds: 0,
            new ReportOrigin(DateTime.UnixEpoch, Version: "", BenchmarkDigest.Of(terms.Benchmark), Command: ""));
        var structures = new StructuralBaselines(terms.Benchmark, configuration.SequenceLength);
        var structure = new FittedStructure(structures, fold.Training, configuration.Seed);
        var table = terms.Search.Table;
        return new FoldOutcome(
            state.Leaders.FirstOrDefault()?.Canonical.ToString(),
            Enum.GetValues<AnswerRule>().ToImmutableSortedDictionary(rule => rule, rule => RhoOfAnswer(rule)),
            Stopwatch.GetElapsedTime(started).TotalSeconds);

        double RhoOfAnswer(AnswerRule rule)
        {
            var asked = run with { Configuration = configuration with { Answer = rule } };
            return RunAnswer.Of(asked, structure, table) is { } answer
                ? RhoOn(fold.Test, RunAnswer.Scores(answer, asked, structures, fold.Test, table))
                : 0;
        }
    }

    /// <summary>Spearman's rho of some scores of a set; 0 where they tell nothing apart.</summary>
    public static double RhoOn(ArchitectureSet set, IReadOnlyList<double> scores) =>
        Spearman.Rho([.. scores], set.Truths) is var rho && double.IsNaN(rho) ? 0 : rho;
}
