namespace LPZero.Coordinator.Ranking;

/// <summary>How many pairs of architectures of nearly the same size a score puts in order: what it knows beyond size.</summary>
public static class ClosePairs
{
    /// <summary>How far the sizes of a pair may lie apart, as a share of the larger one.</summary>
    public const double Tolerance = 0.05;

    /// <summary>
    /// The share of pairs in the right order, among those of two different networks with different truths whose sizes differ by at
    /// most 5% of the larger one. A pair of equal scores counts half, as a coin would order it.
    /// </summary>
    /// <param name="scores">[n] scores, higher is better.</param>
    /// <param name="truth">[n] ground truth, higher is better.</param>
    /// <param name="sizes">[n] sizes, such as numbers of parameters, positive.</param>
    /// <param name="networks">[n] key of the network that each architecture builds.</param>
    /// <returns>From 0 to 1; NaN where there is no such pair, or where a value is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Accuracy(
        ReadOnlySpan<double> scores, ReadOnlySpan<double> truth, ReadOnlySpan<double> sizes, IReadOnlyList<string> networks)
    {
        if (scores.Length != truth.Length || sizes.Length != truth.Length || networks.Count != truth.Length)
        {
            throw new ArgumentException(
                $"{scores.Length} scores, {truth.Length} truths, {sizes.Length} sizes and {networks.Count} networks: " +
                "there must be as many of each.", nameof(scores));
        }

        if (scores.IsEmpty || Ranks.ContainsNaN(scores) || Ranks.ContainsNaN(truth))
        {
            return double.NaN;
        }

        long halves = 0, pairs = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (truth[i] != truth[j] && AreClose(sizes[i], sizes[j])
                    && !string.Equals(networks[i], networks[j], StringComparison.Ordinal))
                {
                    halves += 1 + (scores[i].CompareTo(scores[j]) * truth[i].CompareTo(truth[j]));
                    pairs++;
                }
            }
        }

        return pairs > 0 ? halves / (2.0 * pairs) : double.NaN;
    }

    private static bool AreClose(double size, double other) => Math.Abs(size - other) <= Tolerance * Math.Max(size, other);
}
