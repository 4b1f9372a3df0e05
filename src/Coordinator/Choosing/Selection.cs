using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Choosing;

/// <summary>A proxy with its rho on the architectures that it was found on.</summary>
/// <param name="Proxy">The proxy, with its layer reduction.</param>
/// <param name="Rho">Spearman's rho, with the structure first where the option says so.</param>
public sealed record Candidate(CanonicalProxy Proxy, double Rho);

/// <summary>Makes a predictor of the best proxies.</summary>
public static class Selection
{
    /// <summary>Proxies in a mean rank.</summary>
    public const int TopCount = 10;

    /// <summary>Proxies in an ensemble at most.</summary>
    public const int LargestEnsemble = 3;

    /// <summary>The predictor that the rule makes.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="structureFirst">Whether layers and hidden size come first.</param>
    /// <param name="candidates">The best proxies, best first, at least one.</param>
    /// <param name="set">The architectures that they were found on.</param>
    /// <param name="table">Their terms.</param>
    public static Predictor Select(
        SelectionRule rule, bool structureFirst, IReadOnlyList<Candidate> candidates, ArchitectureSet set, TermTable table)
    {
        if (rule == SelectionRule.Best)
        {
            return new Predictor([candidates[0].Proxy], structureFirst);
        }

        var different = DifferentRankings(candidates, structureFirst, set, table);
        var chosen = rule == SelectionRule.MeanRankOfTop ? different.Take(TopCount) : Ensemble(different, set);
        return new Predictor([.. chosen.Select(ranked => ranked.Proxy)], structureFirst);
    }

    private static List<(CanonicalProxy Proxy, long[] Ranks)> DifferentRankings(
        IReadOnlyList<Candidate> candidates, bool structureFirst, ArchitectureSet set, TermTable table)
    {
        var different = new List<(CanonicalProxy Proxy, long[] Ranks)>();
        foreach (var candidate in candidates)
        {
            var ranks = Predictor.Rank(candidate.Proxy, structureFirst, set, table);
            if (!different.Exists(earlier => earlier.Ranks.AsSpan().SequenceEqual(ranks)))
            {
                different.Add((candidate.Proxy, ranks));
            }
        }

        return different;
    }

    private static List<(CanonicalProxy Proxy, long[] Ranks)> Ensemble(
        List<(CanonicalProxy Proxy, long[] Ranks)> ranked, ArchitectureSet set)
    {
        var spearman = new SpearmanAgainst(set.Truths);
        var members = new List<(CanonicalProxy Proxy, long[] Ranks)> { ranked[0] };
        double[] sum = [.. ranked[0].Ranks.Select(rank => (double)rank)];
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

    private static double[] Plus(double[] sum, long[] ranks) => [.. sum.Zip(ranks, (one, two) => one + two)];
}
