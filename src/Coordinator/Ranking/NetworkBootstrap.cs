using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Ranking;

/// <summary>
/// The bootstrap over networks: as many networks are drawn, with replacement, as there are, and every genotype of a drawn
/// network comes with it, because genotypes of one network are not independent. The same seed draws the same resamples for
/// every statistic, so that distributions can be subtracted pair by pair.
/// </summary>
public sealed class NetworkBootstrap
{
    /// <summary>How many every interval of the program has: enough for its ends to settle within about 0.003 of rho.</summary>
    public const int DefaultResamples = 1000;

    private readonly int[] networkOf;
    private readonly ulong seed;

    /// <summary>A bootstrap over the given networks.</summary>
    /// <param name="networks">[n] each architecture's network, by a key of its content.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="resamples">Number of resamples.</param>
    public NetworkBootstrap(IReadOnlyList<string> networks, ulong seed, int resamples = DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        networkOf = [.. networks.Select(network => index.TryGetValue(network, out var known) ? known : index[network] = index.Count)];
        Networks = index.Count;
        Resamples = resamples;
        this.seed = seed;
    }

    /// <summary>Number of distinct networks.</summary>
    public int Networks { get; }

    /// <summary>Number of resamples.</summary>
    public int Resamples { get; }

    /// <summary>The statistic's value on each resample.</summary>
    /// <param name="statistic">Of how often each architecture occurs in a resample, [n].</param>
    public ImmutableArray<double> Distribution(Func<ReadOnlySpan<int>, double> statistic)
    {
        var random = new SplittableRandom(seed);
        var draws = new int[Networks];
        var weights = new int[networkOf.Length];
        var values = ImmutableArray.CreateBuilder<double>(Resamples);
        for (var resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(draws);
            for (var draw = 0; draw < draws.Length; draw++)
            {
                draws[random.Next(draws.Length)]++;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = draws[networkOf[i]];
            }

            values.Add(statistic(weights));
        }

        return values.MoveToImmutable();
    }

    /// <summary>Spearman's rho of scores and truth on each resample; NaN where one of them is constant there.</summary>
    public ImmutableArray<double> RhoDistribution(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth)
    {
        var spearman = new WeightedSpearman(scores, truth);
        return Distribution(spearman.Rho);
    }

    /// <summary>The 95% interval of Spearman's rho.</summary>
    public ConfidenceInterval Rho(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth) =>
        ConfidenceInterval.Percentile95(RhoDistribution(scores, truth));

    /// <summary>The paired 95% interval of rho(scores, truth) - rho(others, truth): both are taken on the same resamples.</summary>
    public ConfidenceInterval RhoDifference(ReadOnlySpan<double> scores, ReadOnlySpan<double> others, ReadOnlySpan<double> truth) =>
        Difference(RhoDistribution(scores, truth), RhoDistribution(others, truth));

    /// <summary>The paired 95% interval of the difference of two distributions of this bootstrap.</summary>
    internal static ConfidenceInterval Difference(ImmutableArray<double> distribution, ImmutableArray<double> other) =>
        ConfidenceInterval.Percentile95(distribution.Zip(other, (a, b) => a - b));
}
