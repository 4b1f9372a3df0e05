using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Scoring;

/// <summary>
/// What selection compares proxies by on one set, where that is not the rank correlation of their scores with the truth: that of their
/// ranking, another ranking added to it, with a target. Not for several threads at once: it keeps its scratch space.
/// </summary>
public sealed class Criterion
{
    private readonly SpearmanAgainst target;
    private readonly double[] sums;

    private Criterion(IReadOnlyList<double> targets, ImmutableArray<long> added, ImmutableArray<long> strata)
    {
        Targets = [.. targets];
        Added = added;
        Strata = strata;
        target = new SpearmanAgainst(Targets.AsSpan());
        sums = new double[Targets.Length];
    }

    /// <summary>[n] what the ranking is compared with.</summary>
    public ImmutableArray<double> Targets { get; }

    /// <summary>[n] centred ranks that are added to those of the scores; empty where nothing is.</summary>
    public ImmutableArray<long> Added { get; }

    /// <summary>[n] centred ranks whose order comes before that of the scores; empty where there is no such order.</summary>
    public ImmutableArray<long> Strata { get; }

    /// <summary>The share of each rank among the targets that is structure's; 0 but for a smoothed truth.</summary>
    public double StructureShare { get; private init; }

    /// <summary>See <see cref="FitnessTarget.Residual"/>.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="predicted">[n] what a regression on structure predicts of each without having seen its network.</param>
    public static Criterion Residual(ArchitectureSet set, IReadOnlyList<double> predicted) =>
        new([.. set.Truths.Zip(predicted, (truth, expected) => truth - expected)], added: [], strata: []);

    /// <summary>
    /// See <see cref="FitnessTarget.Smoothed"/>. Of what the regression leaves of the truths' ranks, the noise of a training
    /// takes a share; so much of each rank is replaced by the rank that structure says (Efron and Morris, 1973).
    /// </summary>
    /// <param name="set">The architectures.</param>
    /// <param name="trained">[n] the network that each truth was measured on; some of them more than once.</param>
    /// <param name="unseen">[n] what a regression on structure predicts of each without having seen its network.</param>
    /// <param name="predicted">[n] what regressions on structure, fitted on them all, say of each.</param>
    public static Criterion Smoothed(
        ArchitectureSet set, IReadOnlyList<Genotype> trained, IReadOnlyList<double> unseen, IReadOnlyList<double> predicted)
    {
        var truths = CentredRanks(set.Truths);
        var networks = Enumerable.Range(0, truths.Length).GroupBy(i => trained[i], i => (double)truths[i]).ToList();
        var repeats = networks.Sum(network => network.Count() - 1);
        var noise = networks.Sum(network => SquaresAround(network.Average(), network)) / repeats;
        var left = truths.Zip(CentredRanks(unseen), (truth, expected) => (double)(truth - expected)).Average(rank => rank * rank);
        var share = Math.Min(1, noise / left);
        return new Criterion(
            [.. truths.Zip(CentredRanks(predicted), (truth, expected) => ((1 - share) * truth) + (share * expected))],
            added: [], strata: [])
        {
            StructureShare = share,
        };

        static double SquaresAround(double mean, IEnumerable<double> ranks) => ranks.Sum(rank => (rank - mean) * (rank - mean));
    }

    /// <summary>See <see cref="FitnessTarget.Sum"/>.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="predicted">[n] see <see cref="Residual"/>.</param>
    public static Criterion Sum(ArchitectureSet set, IReadOnlyList<double> predicted) =>
        new(set.Truths, CentredRanks(predicted), strata: []);

    /// <summary>The rank correlation with the truth of the order by a given ranking first, in which scores break the ties.</summary>
    /// <param name="set">The architectures.</param>
    /// <param name="ranking">[n] the given ranking; none of them NaN.</param>
    public static Criterion Behind(ArchitectureSet set, IReadOnlyList<double> ranking) =>
        new(set.Truths, added: [], CentredRanks(ranking));

    /// <summary>What selection compares of a proxy, 0 where the added ranking leaves nothing of its own.</summary>
    /// <param name="ranks">[n] the centred ranks of its scores, see <see cref="Ranks.TryCentre"/>.</param>
    public double Of(ReadOnlySpan<long> ranks)
    {
        // Different strata are at least one apart, and two ranks of scores at most twice the number of architectures.
        var stratumWeight = 2L * sums.Length;
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = ranks[i] + (Added.IsEmpty ? 0 : Added[i]) + (Strata.IsEmpty ? 0 : stratumWeight * Strata[i]);
        }

        return OrNothing(target.Rho(sums));
    }

    /// <summary>Nothing is ranked where all are equal.</summary>
    internal static double OrNothing(double rho) => double.IsNaN(rho) ? 0 : rho;

    private static ImmutableArray<long> CentredRanks(IReadOnlyList<double> ranking)
    {
        var ranks = new long[ranking.Count];
        return Ranks.TryCentre([.. ranking], ranks) ? [.. ranks] : throw new ArgumentException("NaN has no rank.", nameof(ranking));
    }
}
