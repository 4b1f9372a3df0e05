using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>What the choices of several spaces have in common in a space file.</summary>
internal static class ChoicesReading
{
    /// <summary>The different numbers of an array, in its order.</summary>
    public static ImmutableArray<int> Integers(JsonField root, string name, Bounds bounds) =>
        [.. root.Array(name).Select(item => item.AsInteger(bounds)).Distinct()];

    /// <summary>Refuses numbers of heads that a hidden size does not have.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="hiddenSizes">The hidden sizes.</param>
    /// <param name="heads">The numbers of heads.</param>
    /// <param name="findProblem">Why a hidden size does not have so many, in one line, or null where it does.</param>
    public static void CheckHeads(
        JsonField root, IEnumerable<int> hiddenSizes, IReadOnlyCollection<int> heads, Func<int, int, string?> findProblem)
    {
        foreach (var hiddenSize in hiddenSizes)
        {
            foreach (var count in heads)
            {
                if (findProblem(hiddenSize, count) is { } problem)
                {
                    throw root.Optional("heads")!.Value.Error($"{problem}, or change hiddenSizes");
                }
            }
        }
    }
}
