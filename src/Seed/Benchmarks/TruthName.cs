namespace LPZero.Seed.Benchmarks;

/// <summary>Which of the truths that a source has is wanted.</summary>
internal static class TruthName
{
    /// <summary>The wanted one, if the source has it.</summary>
    /// <param name="wanted">Its name; null for the first.</param>
    /// <param name="known">The names that the source has, the usual one first.</param>
    /// <param name="source">The source, for the message.</param>
    /// <exception cref="BenchmarkException">It has none of that name; the message lists those that it has.</exception>
    public static string Choose(string? wanted, IReadOnlyList<string> known, string source)
    {
        if (wanted is null)
        {
            return known[0];
        }

        return known.Contains(wanted, StringComparer.Ordinal)
            ? wanted
            : throw new BenchmarkException($"--truth {wanted}: {source} has {string.Join(", ", known)}; give one of them");
    }
}
