using System.Collections.Immutable;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// What is known of a part of the space. Tallies of disjoint parts add up to that of their union, in any order.
/// </summary>
public sealed record ExhaustiveTally
{
    /// <summary>Bins of <see cref="Histogram"/> for each unit of rho.</summary>
    public const int BinsPerUnit = 10_000;

    /// <summary>Number of bins: from -1 to 1, the last one for 1 alone.</summary>
    public const int Bins = (2 * BinsPerUnit) + 1;

    /// <summary>The tally of no proxies.</summary>
    public static readonly ExhaustiveTally Empty = new();

    /// <summary>Canonical proxies.</summary>
    public long Proxies { get; init; }

    /// <summary>Those with a fitness.</summary>
    public long Valid { get; init; }

    /// <summary>Those without one, by the reason.</summary>
    public ImmutableSortedDictionary<InvalidReason, long> Invalid { get; init; } = ImmutableSortedDictionary<InvalidReason, long>.Empty;

    /// <summary>Valid proxies by their rho: bin i holds those from -1 + i / <see cref="BinsPerUnit"/> to below the next.</summary>
    public ImmutableArray<long> Histogram { get; init; } = [.. new long[Bins]];

    /// <summary>The best proxies, best first.</summary>
    public ImmutableArray<RankedProxy> Best { get; init; } = [];

    /// <summary>
    /// The best proxy of each pair of inputs, or of a single one, by <see cref="InputsIndex"/>; null where none is valid.
    /// </summary>
    public ImmutableArray<RankedProxy?> BestByInputs { get; init; } = [.. new RankedProxy?[InputsCount]];

    /// <summary>Number of pairs of inputs, ordered as in the space, and of single inputs.</summary>
    internal const int InputsCount = 6 * 7;

    /// <summary>Where the best of two inputs is found.</summary>
    /// <param name="left">The first branch's input.</param>
    /// <param name="right">The second's, not before the first; null for single branches.</param>
    internal static int InputsIndex(Messages.Proxies.InputKind left, Messages.Proxies.InputKind? right) =>
        ((int)left * 7) + (right is { } input ? (int)input + 1 : 0);

    /// <summary>The bin of a rho in <see cref="Histogram"/>: 0 for -1, the last for 1.</summary>
    public static int BinOf(double rho) => Math.Clamp((int)Math.Floor((rho + 1) * BinsPerUnit), 0, Bins - 1);

    /// <summary>The tally of the union of two disjoint parts.</summary>
    /// <param name="other">The tally of another part.</param>
    /// <param name="top">How many of the best proxies are kept.</param>
    public ExhaustiveTally Plus(ExhaustiveTally other, int top)
    {
        var best = new BestProxies(top);
        foreach (var proxy in Best.AddRange(other.Best))
        {
            best.Offer(proxy);
        }

        return new ExhaustiveTally
        {
            Proxies = Proxies + other.Proxies,
            Valid = Valid + other.Valid,
            Invalid = other.Invalid.Aggregate(
                Invalid, (sum, reason) => sum.SetItem(reason.Key, sum.GetValueOrDefault(reason.Key) + reason.Value)),
            Histogram = [.. Histogram.Zip(other.Histogram, (one, two) => one + two)],
            Best = best.ToImmutable(),
            BestByInputs =
            [
                .. BestByInputs.Zip(other.BestByInputs, (one, two) => one is { } a && two is { } b ? (a < b ? a : b) : one ?? two),
            ],
        };
    }
}
