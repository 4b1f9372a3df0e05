using System.Collections.Immutable;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>One of the best proxies of a space.</summary>
/// <param name="Rank">1 for the best.</param>
/// <param name="Expression">Its canonical form.</param>
/// <param name="Fitness">On the search set.</param>
public sealed record ExhaustiveEntry(int Rank, string Expression, Fitness Fitness);

/// <summary>The best proxy of two inputs.</summary>
/// <param name="Left">The input of the first branch, or of the only one.</param>
/// <param name="Right">The input of the second branch; null for single branches.</param>
/// <param name="Expression">The proxy's canonical form.</param>
/// <param name="Rho">Spearman's rho on the search set.</param>
public sealed record BestOfInputs(InputKind Left, InputKind? Right, string Expression, double Rho);

/// <summary>What is known of a whole space of proxies on one search set.</summary>
public sealed record ExhaustiveResult
{
    /// <summary>Canonical proxies that no rule refuses.</summary>
    public required long Proxies { get; init; }

    /// <summary>Those with a fitness.</summary>
    public required long Valid { get; init; }

    /// <summary>Those without one, by the reason.</summary>
    public required ImmutableSortedDictionary<InvalidReason, long> Invalid { get; init; }

    /// <summary>How many different rankings of the architectures the valid proxies give.</summary>
    public required long DistinctRankings { get; init; }

    /// <summary>Valid proxies by rho; see <see cref="ExhaustiveTally.Histogram"/>.</summary>
    public required ImmutableArray<long> Histogram { get; init; }

    /// <summary>The best proxies, best first; of equally good ones the one that comes first in the space.</summary>
    public required ImmutableArray<ExhaustiveEntry> Top { get; init; }

    /// <summary>The best proxy of each pair of inputs, and of each single one.</summary>
    public required ImmutableArray<BestOfInputs> BestByInputs { get; init; }

    /// <summary>Puts the result together.</summary>
    /// <param name="space">The space.</param>
    /// <param name="tally">The tally of all of it.</param>
    /// <param name="distinctRankings">Number of different rankings.</param>
    /// <param name="fitness">Scores the best once more, one by one.</param>
    /// <exception cref="InvalidOperationException">A proxy's fitness is not the rho that it was ranked with: a fault of
    /// the program.</exception>
    public static ExhaustiveResult Of(ProxySpace space, ExhaustiveTally tally, long distinctRankings, FitnessFunction fitness) => new()
    {
        Proxies = tally.Proxies,
        Valid = tally.Valid,
        Invalid = tally.Invalid,
        DistinctRankings = distinctRankings,
        Histogram = tally.Histogram,
        Top = [.. tally.Best.Select((best, index) =>
            new ExhaustiveEntry(index + 1, space.At(best.Ordinal).ToString(), Confirm(fitness, space.At(best.Ordinal), best.Rho)))],
        BestByInputs =
        [
            .. tally.BestByInputs.OfType<RankedProxy>().Select(best => (Proxy: space.At(best.Ordinal), best.Rho))
                .Select(best => OfInputs(best.Proxy, best.Rho))
                .OrderByDescending(best => best.Rho),
        ],
    };

    /// <summary>Where one of the valid proxies stands among them.</summary>
    /// <param name="rho">What the search set compares it by.</param>
    /// <exception cref="InvalidOperationException">There is no valid proxy.</exception>
    public SpaceStanding StandingOf(double rho)
    {
        var (atLeast, atMost) = BetterThan(rho);
        return new SpaceStanding(
            Proxies, Valid, atLeast, atMost, Top.FirstOrDefault() ?? throw new InvalidOperationException("no proxy of the space is valid"));
    }

    /// <summary>
    /// How many valid proxies are better: exact down to the last of <see cref="Top"/>, below that to one bin of the histogram.
    /// </summary>
    private (long AtLeast, long AtMost) BetterThan(double rho)
    {
        if (Top.Length == Valid || (Top.Length > 0 && rho >= Top[^1].Fitness.Compared))
        {
            var better = Top.Count(entry => entry.Fitness.Compared > rho);
            return (better, better);
        }

        var own = ExhaustiveTally.BinOf(rho);
        var above = 0L;
        for (var bin = own + 1; bin < Histogram.Length; bin++)
        {
            above += Histogram[bin];
        }

        // Of those in its own bin all but the proxy itself may be better.
        return (Math.Max(above, Top.Length), above + Math.Max(0, Histogram[own] - 1));
    }

    /// <summary>The rho that a share of the valid proxies stays below or at, to a bin of 1/10,000.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double RhoAt(double share)
    {
        var wanted = share * Valid;
        var count = 0L;
        for (var bin = 0; bin < Histogram.Length; bin++)
        {
            count += Histogram[bin];
            if (count >= wanted && count > 0)
            {
                return ((double)bin / ExhaustiveTally.BinsPerUnit) - 1;
            }
        }

        return double.NaN;
    }

    private static Fitness Confirm(FitnessFunction fitness, CanonicalProxy proxy, double rho) =>
        fitness.Evaluate(proxy).Fitness is { } confirmed && confirmed.Compared.Equals(rho)
            ? confirmed
            : throw new InvalidOperationException($"{proxy} was ranked with rho {rho}, but scores {fitness.Evaluate(proxy)}");

    private static BestOfInputs OfInputs(CanonicalProxy proxy, double rho)
    {
        var (left, right) = (proxy.Left.Input, proxy.Right?.Input);
        return right < left
            ? new BestOfInputs(right.Value, left, proxy.ToString(), rho)
            : new BestOfInputs(left, right, proxy.ToString(), rho);
    }
}
