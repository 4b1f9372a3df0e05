namespace LPZero.Coordinator.Ranking;

/// <summary>
/// What a ranking knows beyond the structure that groups share: Spearman's rho inside each group of equal layers and
/// hidden size, averaged with the groups' sizes as weights.
/// </summary>
public static class WithinGroups
{
    /// <summary>The weighted mean of the groups' rhos.</summary>
    /// <param name="scores">[n] scores.</param>
    /// <param name="truth">[n] ground truth.</param>
    /// <param name="groups">[n] names of the groups.</param>
    /// <returns>
    /// A group whose scores are all equal counts as 0: nothing in it is ranked. A group with a constant truth, or of one
    /// architecture, cannot be ranked and is left out; NaN where that leaves none, or where a score or a truth is NaN.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Rho(ReadOnlySpan<double> scores, ReadOnlySpan<double> truth, IReadOnlyList<string> groups)
    {
        if (scores.Length != truth.Length || groups.Count != truth.Length)
        {
            throw new ArgumentException(
                $"{scores.Length} scores, {truth.Length} truths and {groups.Count} groups: there must be as many of each.", nameof(groups));
        }

        if (scores.IsEmpty || Ranks.ContainsNaN(scores) || Ranks.ContainsNaN(truth))
        {
            return double.NaN;
        }

        var members = Enumerable.Range(0, groups.Count).GroupBy(i => groups[i], StringComparer.Ordinal);
        double weighted = 0, weight = 0;
        foreach (var group in members)
        {
            int[] indices = [.. group];
            var groupTruth = Take(truth, indices);
            if (groupTruth.AsSpan().IndexOfAnyExcept(groupTruth[0]) < 0)
            {
                continue;
            }

            var rho = Spearman.Rho(Take(scores, indices), groupTruth);
            weighted += double.IsNaN(rho) ? 0 : rho * indices.Length;
            weight += indices.Length;
        }

        return weight > 0 ? weighted / weight : double.NaN;
    }

    private static double[] Take(ReadOnlySpan<double> values, int[] indices)
    {
        var taken = new double[indices.Length];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = values[indices[i]];
        }

        return taken;
    }
}
