using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;

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

    /// <summary>The predictor that the option's rule makes: a rank sum.</summary>
    /// <param name="option">The option.</param>
    /// <param name="candidates">The best proxies, best first, at least one.</param>
    /// <param name="set">The architectures that they were found on.</param>
    /// <param name="table">Their terms.</param>
    /// <param name="forms">How they are scored.</param>
    public static PredictorGroup Select(
        ChoosingOption option, IReadOnlyList<Candidate> candidates, ArchitectureSet set, TermTable table, PredictorForms forms)
    {
        if (option.Rule == SelectionRule.Best)
        {
            return PredictorGroup.MeanRank(PartOf(option, candidates[0]));
        }

        var different = DifferentRankings(option, candidates, set, table, forms);
        var chosen = option.Rule == SelectionRule.MeanRankOfTop ? different.Take(TopCount) : Ensemble(different, set);
        return PredictorGroup.MeanRank(chosen.Select(ranked => ranked.Part));
    }

    private static PredictorPart PartOf(ChoosingOption option, Candidate candidate)
    {
        var proxy = new ProxyPart(candidate.Proxy.ToProxy(), option.Elements, option.Tensors);
        return option.StructureFirst ? new GroupPart(PredictorGroup.StructureFirst(proxy)) : proxy;
    }

    private static List<(PredictorPart Part, double[] Ranks)> DifferentRankings(
        ChoosingOption option, IReadOnlyList<Candidate> candidates, ArchitectureSet set, TermTable table, PredictorForms forms)
    {
        var different = new List<(PredictorPart Part, double[] Ranks)>();
        foreach (var candidate in candidates)
        {
            var part = PartOf(option, candidate);
            var ranks = PredictorScores.Of(PredictorGroup.MeanRank(part), set, structureOf: null, _ => table, forms);
            if (!different.Exists(earlier => earlier.Ranks.AsSpan().SequenceEqual(ranks)))
            {
                different.Add((part, ranks));
            }
        }

        return different;
    }

    private static List<(PredictorPart Part, double[] Ranks)> Ensemble(
        List<(PredictorPart Part, double[] Ranks)> ranked, ArchitectureSet set)
    {
        var spearman = new SpearmanAgainst(set.Truths);
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
