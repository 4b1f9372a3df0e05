using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Scoring;

/// <summary>
/// The fitness of a proxy: Spearman's rho between its scores and the ground truth of the search set, with Kendall's
/// tau-a and tau-b beside it, and what selection compares where that is something else; or the reason why it has none.
/// </summary>
/// <param name="configuration">The run's.</param>
/// <param name="set">The search set.</param>
/// <param name="table">Terms of the set's networks, by their index in the set.</param>
/// <param name="criterion">What selection compares; null where it is rho.</param>
public sealed class FitnessFunction(SearchConfiguration configuration, ArchitectureSet set, TermTable table, Criterion? criterion = null)
{
    private readonly double[] truths = set.Truths;
    private readonly SpearmanAgainst spearman = new(set.Truths);
    private readonly double[] networkScores = new double[set.Networks.Length];
    private readonly double[] sortedScores = new double[set.Networks.Length];
    private readonly double[] scores = new double[set.Architectures.Length];
    private readonly long[] ranks = new long[set.Architectures.Length];

    /// <summary>The outcome of a proxy whose terms are in the table.</summary>
    public Outcome Evaluate(CanonicalProxy proxy)
    {
        ProxyScores.Compute(table, proxy, configuration.LayerReductions[0], networkScores);
        foreach (var score in networkScores)
        {
            if (!double.IsFinite(score))
            {
                return new Outcome(Fitness: null, InvalidReason.NonFinite);
            }
        }

        var distinct = CountDistinct();
        if (distinct == 1)
        {
            return new Outcome(Fitness: null, InvalidReason.Constant);
        }

        if (distinct < configuration.MinDistinct * networkScores.Length)
        {
            return new Outcome(Fitness: null, InvalidReason.TooFewDistinct);
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = networkScores[set.NetworkOf[i]];
        }

        var rho = spearman.Rho(scores, ranks);
        var fitness = new Fitness(
            rho, Kendall.TauA(scores, truths), Kendall.TauB(scores, truths), DigestOfRanks(), criterion?.Of(ranks));
        return new Outcome(fitness, Invalid: null);
    }

    /// <summary>64 bits that equal rankings share, and different ones share by an accident of 1 in 2^64.</summary>
    private ulong DigestOfRanks()
    {
        var digest = 0UL;
        foreach (var rank in ranks)
        {
            digest = new SplittableRandom(digest ^ (ulong)rank).NextBits();
        }

        return digest;
    }

    private int CountDistinct()
    {
        networkScores.CopyTo(sortedScores, 0);
        Array.Sort(sortedScores);
        var distinct = 1;
        for (var i = 1; i < sortedScores.Length; i++)
        {
            distinct += sortedScores[i] == sortedScores[i - 1] ? 0 : 1;
        }

        return distinct;
    }
}
