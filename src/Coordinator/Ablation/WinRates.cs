using System.Collections.Immutable;
using LPZero.Coordinator.Exhaustive;

namespace LPZero.Coordinator.Ablation;

/// <summary>How many proxies of a space, or of a sample of it, rank well.</summary>
/// <param name="Proxies">Canonical proxies, valid or not.</param>
/// <param name="Valid">Those with a fitness.</param>
/// <param name="BestRho">The best of them; NaN without one.</param>
/// <param name="Reaching">How many have at least a rho of each of <see cref="Thresholds"/>.</param>
public sealed record WinRates(long Proxies, long Valid, double BestRho, ImmutableArray<long> Reaching)
{
    /// <summary>What counts as ranking well; the paper's is the third.</summary>
    public static readonly ImmutableArray<double> Thresholds = [0.4, 0.5, 0.6, 0.7, 0.8];

    /// <summary>The share of the valid proxies that reach 0.6: the win rate.</summary>
    public double WinRate => Share(2);

    /// <summary>
    /// The share of those that reach 0.6 among those that reach 0.5: what the published win rate is of. NaN where none does.
    /// </summary>
    public double AsPublished => Reaching[1] == 0 ? double.NaN : (double)Reaching[2] / Reaching[1];

    /// <summary>The win rates of a whole space.</summary>
    public static WinRates Of(ExhaustiveTally tally) => new(
        tally.Proxies, tally.Valid, tally.Best is [var best, ..] ? best.Rho : double.NaN,
        [.. Thresholds.Select(threshold => tally.Histogram.AsSpan()[BinOf(threshold)..].ToArray().Sum())]);

    /// <summary>The win rates of a sample.</summary>
    /// <param name="proxies">How many it holds.</param>
    /// <param name="rhos">The rho of the valid ones.</param>
    public static WinRates Of(int proxies, IReadOnlyCollection<double> rhos) => new(
        proxies, rhos.Count, rhos.Count == 0 ? double.NaN : rhos.Max(),
        [.. Thresholds.Select(threshold => rhos.LongCount(rho => ExhaustiveTally.BinOf(rho) >= BinOf(threshold)))]);

    /// <summary>The share of the valid proxies that reach a threshold.</summary>
    /// <param name="threshold">Its index in <see cref="Thresholds"/>.</param>
    public double Share(int threshold) => Valid == 0 ? double.NaN : (double)Reaching[threshold] / Valid;

    private static int BinOf(double threshold) => (int)Math.Round((1 + threshold) * ExhaustiveTally.BinsPerUnit);
}
