using System.Collections.Immutable;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>What cannot be had both smaller and better.</summary>
public static class ParetoFront
{
    /// <summary>
    /// The indices of those that no other beats: none is as small or smaller with a higher score, nor smaller with the same score. Smallest
    /// first, so scores rise, too. Of equal ones the first is given. A size or score that is not a number is on no front.
    /// </summary>
    /// <param name="sizes">[n] sizes, smaller is better.</param>
    /// <param name="scores">[n] scores, higher is better.</param>
    public static ImmutableArray<int> Of(IReadOnlyList<double> sizes, IReadOnlyList<double> scores)
    {
        var front = ImmutableArray.CreateBuilder<int>();
        foreach (var i in Enumerable.Range(0, sizes.Count)
            .Where(i => !double.IsNaN(sizes[i]) && !double.IsNaN(scores[i]))
            .OrderBy(i => sizes[i]).ThenByDescending(i => scores[i]))
        {
            if (front.Count == 0 || scores[i] > scores[front[^1]])
            {
                front.Add(i);
            }
        }

        return front.ToImmutable();
    }
}
