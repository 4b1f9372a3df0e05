using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Choosing;

/// <summary>Makes a predictor of the best proxies and of the structure.</summary>
/// <param name="on">The architectures that the proxies were found on, and what their structure says.</param>
/// <param name="prefix">What comes before every proxy; empty where nothing does.</param>
/// <param name="scoresOf">[n] the scores of a proxy.</param>
public sealed class Selection(
    FittedStructure on, ImmutableArray<PredictorPart> prefix, Func<ProxyPart, IReadOnlyList<double>> scoresOf)
{
    /// <summary>Proxies in a mean rank.</summary>
    public const int TopCount = 10;

    /// <summary>Proxies in an ensemble at most.</summary>
    public const int LargestEnsemble = 3;

    // What proxies know besides structure is little, and they are the noisier half.
    private const double WeightOfProxies = 0.5;

    // So much the best of many proxies gains on the architectures that it was chosen on.
    private const double MostRhoBehindProxies = 0.05;

    /// <summary>The predictor that the rule makes; null where it needs a regression that so few networks do not allow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="candidates">The best proxies, best first, at least one.</param>
    public PredictorGroup? Select(AnswerRule rule, IReadOnlyList<ProxyPart> candidates) => rule switch
    {
        AnswerRule.Proxy => PredictorGroup.MeanRank(PartOf(candidates[0])),
        AnswerRule.MeanRank => MeanRank(candidates),
        AnswerRule.Ensemble => PredictorGroup.MeanRank(Ensemble([.. DifferentRankings(candidates)]).Select(ranked => ranked.Part)),
        AnswerRule.Sum => SumWithStructure(candidates),
        AnswerRule.Regression => ProxyRegression.Fit(on, [.. MeanRank(candidates).Parts.OfType<ProxyPart>()], scoresOf),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    private PredictorPart PartOf(ProxyPart proxy) =>
        prefix.IsEmpty ? proxy : new GroupPart(PredictorGroup.Lexicographic([.. prefix, proxy]));

    private PredictorGroup MeanRank(IReadOnlyList<ProxyPart> candidates) =>
        PredictorGroup.MeanRank(DifferentRankings(candidates).Take(TopCount).Select(ranked => ranked.Part));

    /// <summary>Structure and proxies; proxies alone where structure tells little of what it has not seen.</summary>
    private PredictorGroup? SumWithStructure(IReadOnlyList<ProxyPart> candidates)
    {
        if (on.Regression is not { } regression || on.Stacked is not { } stacked)
        {
            return null;
        }

        var best = Spearman.Rho([.. scoresOf(candidates[0].Unweighted)], on.Set.Truths);
        var proxies = MeanRank(candidates);
        return regression.CrossFittedRho < best - MostRhoBehindProxies ? proxies : PredictorGroup.MeanRank(
            new GroupPart(stacked.Group), new GroupPart(proxies) { Coefficient = WeightOfProxies });
    }

    /// <summary>Those that rank the architectures as no better one does, one by one.</summary>
    private IEnumerable<(PredictorPart Part, double[] Ranks)> DifferentRankings(IReadOnlyList<ProxyPart> candidates)
    {
        var different = new List<double[]>();
        foreach (var candidate in candidates)
        {
            var part = PartOf(candidate);
            var ranks = PredictorScores.Of(PredictorGroup.MeanRank(part), on.Set.Architectures, on.Structures.Of, scoresOf);
            if (!different.Exists(earlier => earlier.AsSpan().SequenceEqual(ranks)))
            {
                different.Add(ranks);
                yield return (part, ranks);
            }
        }
    }

    private List<(PredictorPart Part, double[] Ranks)> Ensemble(List<(PredictorPart Part, double[] Ranks)> ranked)
    {
        var spearman = new SpearmanAgainst(on.Set.Truths);
        var members = new List<(PredictorPart Part, double[] Ranks)> { ranked[0] };
        var sum = ranked[0].Ranks;
        var rho = spearman.Rho(sum);
        while (members.Count < LargestEnsemble && ranked.Count > members.Count)
        {
            var best = ranked.Except(members)
                .Select(candidate => (candidate, Rho: spearman.Rho(Plus(sum, candidate.Ranks))))
                .MaxBy(p => p.Rho);
            if (!(best.Rho > rho))
            {
                break;
            }

            members.Add(best.candidate);
            (sum, rho) = (Plus(sum, best.candidate.Ranks), best.Rho);
        }

        return members;
    }

    private static double[] Plus(double[] sum, double[] ranks) => [.. sum.Zip(ranks, (one, two) => one + two)];
}
