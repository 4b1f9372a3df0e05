using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Which of the truths that a source has is wanted.</summary>
internal static class TruthName
{
    /// <summary>
    /// The truth that a configuration makes of a benchmark's tasks: no source has it, for what a search sees of it depends on the split.
    /// </summary>
    public const string Reliability = "reliability";

    /// <summary>The truth that a source has to give, where one of this name is wanted; null for the usual one.</summary>
    public static string? OfSource(string? wanted) => wanted == Reliability ? null : wanted;

    /// <summary>A benchmark of our own format with one of its tasks for its truth.</summary>
    /// <param name="wanted">The task's name; null for the truth as it is.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="source">The source, for the message.</param>
    /// <exception cref="BenchmarkException">It has no such task.</exception>
    public static Benchmark Choose(string? wanted, Benchmark benchmark, string source)
    {
        if (wanted is null)
        {
            return benchmark;
        }

        if (benchmark.Tasks is not { } tasks)
        {
            throw new BenchmarkException($"--truth {wanted}: {source} has one truth; leave the option out") { IsUsage = true };
        }

        var task = tasks.Names.IndexOf(Choose(wanted, tasks.Names, source, Reliability));
        return benchmark with
        {
            Metric = $"{benchmark.Metric} task {wanted}",
            Architectures = [.. benchmark.Architectures.Select(a => a with { Truth = a.Tasks[task] })],
        };
    }

    /// <summary>The wanted one, if the source has it.</summary>
    /// <param name="wanted">Its name; null for the first.</param>
    /// <param name="known">The names that the source has, the usual one first.</param>
    /// <param name="source">The source, for the message.</param>
    /// <param name="besides">What may be wanted besides, although no source has it.</param>
    /// <exception cref="BenchmarkException">It has none of that name; the message lists those that it has.</exception>
    public static string Choose(string? wanted, IReadOnlyList<string> known, string source, params string[] besides)
    {
        if (wanted is null)
        {
            return known[0];
        }

        string[] all = [.. known, .. besides];
        return known.Contains(wanted, StringComparer.Ordinal)
            ? wanted
            : throw new BenchmarkException(
                $"--truth {wanted}: {source} has {string.Join(", ", all)}; give {(all.Length == 1 ? "it" : "one of them")}")
            {
                IsUsage = true,
            };
    }
}
