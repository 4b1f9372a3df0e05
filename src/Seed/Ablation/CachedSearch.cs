using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.Ablation;

/// <summary>What a search gave. Figures on the held-out set are NaN where nothing was found, or nothing is held out.</summary>
/// <param name="Evaluations">Proxies scored, invalid ones included.</param>
/// <param name="Invalid">Those of them that were invalid.</param>
/// <param name="Convergence">The improvements of the best search rho.</param>
/// <param name="Best">The best proxy's canonical form; null without a valid one.</param>
/// <param name="SearchRho">Its rho on the search set.</param>
/// <param name="HeldOut">And on networks that the search never saw.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record FinishedSearch(
    int Evaluations, int Invalid, ImmutableArray<ConvergencePoint> Convergence, string? Best, double SearchRho, HeldOutRanking HeldOut,
    double Seconds);

/// <summary>How a proxy ranks the held-out set.</summary>
/// <param name="Rho">Spearman's rho; NaN without a proxy, or where nothing is held out.</param>
/// <param name="TauA">Kendall's tau-a.</param>
/// <param name="ByTruth">Rho by each of its truths; empty without tasks.</param>
internal sealed record HeldOutRanking(double Rho, double TauA, ImmutableArray<TruthRho> ByTruth)
{
    public static HeldOutRanking None { get; } = new(double.NaN, double.NaN, []);
}

/// <summary>
/// The pure search over terms that one pass of the devices made known: the decisions, and so the results, are those of a run of the same
/// configuration, without a run's events and owner.
/// </summary>
internal static class CachedSearch
{
    private const int LongestWholeInput = 2;

    /// <summary>Whether what every search of a space can ask for is a pass for each input.</summary>
    public static bool IsEnsured(SearchConfiguration configuration) =>
        configuration.UnaryOperations <= LongestWholeInput && configuration.Combine != Combination.Tensors;

    /// <summary>Makes known what every search of a space can ask for, where that is a pass for each input.</summary>
    public static Task EnsureSpaceAsync(SplitTerms terms, IProgress<TermProgress>? progress, CancellationToken interrupt)
    {
        var configuration = terms.Configuration;
        if (!IsEnsured(configuration))
        {
            return Task.CompletedTask;
        }

        var pruning = RuleBasedPruning.Of(configuration);
        return terms.Search.EnsureAsync(
            [
                .. configuration.Inputs.SelectMany(input => TermPlan.CanonicalChains(input, configuration.UnaryOperations, pruning)
                    .Select(chain => new Branch(input, chain))),
            ],
            progress, interrupt);
    }

    /// <summary>Searches to the end, then ranks the held-out set with the best proxy.</summary>
    /// <param name="terms">The split with its terms; of the same space, rules and split as the configuration.</param>
    /// <param name="configuration">How to breed.</param>
    /// <param name="progress">Told of terms that are still missing.</param>
    /// <param name="interrupt">Ends it; terms that were computed are kept.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<FinishedSearch> RunAsync(
        SplitTerms terms, SearchConfiguration configuration, IProgress<TermProgress>? progress, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var state = await SearchAsync(terms, configuration, terms.Sample.Search, progress, interrupt);

        // As of a run: the best by the truth, whatever selection compares.
        var best = state.Leaders.FirstOrDefault();
        var heldOut = best is null ? HeldOutRanking.None : await HeldOutAsync(terms, configuration, best.Canonical, progress, interrupt);
        return new FinishedSearch(
            state.Evaluations, state.InvalidEvaluations, state.Convergence, best?.Canonical.ToString(), best?.Fitness.Rho ?? double.NaN,
            heldOut, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Searches to the end on the search set, or on a part of it.</summary>
    /// <param name="terms">The split with its terms; of the same space, rules and split as the configuration.</param>
    /// <param name="configuration">How to breed.</param>
    /// <param name="on">The architectures; their networks have the indices that they have in the search set.</param>
    /// <param name="progress">Told of terms that are still missing.</param>
    /// <param name="interrupt">Ends it; terms that were computed are kept.</param>
    /// <returns>The last state.</returns>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<SearchState> SearchAsync(
        SplitTerms terms, SearchConfiguration configuration, ArchitectureSet on, IProgress<TermProgress>? progress,
        CancellationToken interrupt)
    {
        var process = new SearchProcess(configuration);
        var fitness = new FitnessFunction(configuration, on, terms.Search.Table, Criteria.Of(configuration, terms.Benchmark, on));
        var state = new SearchState();
        var decision = process.Decide(
            state, new StartSearch(BenchmarkDigest.Of(terms.Benchmark), [.. on.Architectures.Select(architecture => architecture.Id)]));
        while (true)
        {
            interrupt.ThrowIfCancellationRequested();
            state = decision.Events.Aggregate(state, process.Apply);
            if (decision.Effect is not { } round)
            {
                return state;
            }

            ImmutableArray<CanonicalProxy> proxies =
                [.. round.Proposals.Select(proposal => process.Pruning.Judge(proposal.Proxy).Canonical!)];
            await terms.Search.EnsureAsync(
                [
                    .. proxies.SelectMany(proxy => proxy.Branches).Distinct()
                        .Where(branch => !terms.Search.Table.Knows(branch, network: 0)),
                ],
                progress, interrupt);
            decision = process.Decide(
                state, new ReportScores(round.Iteration, round.Round, [.. proxies.Select(fitness.Evaluate)]));
        }
    }

    /// <summary>How a proxy ranks the held-out set.</summary>
    public static async Task<HeldOutRanking> HeldOutAsync(
        SplitTerms terms, SearchConfiguration configuration, CanonicalProxy proxy, IProgress<TermProgress>? progress,
        CancellationToken interrupt)
    {
        var set = terms.Sample.HeldOut;
        if (set.Networks.IsEmpty)
        {
            return HeldOutRanking.None;
        }

        await terms.HeldOut.EnsureAsync([.. proxy.Branches], progress, interrupt);
        var scores = ProxyScores.Of(set, terms.HeldOut.Table, proxy, configuration.LayerReductions[0]);
        return new HeldOutRanking(
            Spearman.Rho(scores, set.Truths), Kendall.TauA(scores, set.Truths), terms.HeldOutTruths.Rank([.. scores]));
    }
}
