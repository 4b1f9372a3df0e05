using System.Collections.Immutable;
using System.Numerics;

namespace LPZero.GpuNode.Segmented;

/// <summary>
/// Which tensors are concatenated, and in what order. The concatenation is cut into blocks of one size that divides the
/// size of every tensor, so that no block holds elements of two tensors: a reduction first takes every block, in one launch, and
/// then the few numbers of each tensor's blocks. What is packed together follows from the sizes alone, never from the memory
/// there is: a reduction's order, and so its bits, may depend on the shape that it runs over.
/// </summary>
/// <param name="Segments">The tensors; those of one shape are neighbours, and so are those of one size.</param>
/// <param name="BlockSize">Elements of a block.</param>
internal sealed record SegmentPlan(ImmutableArray<Segment> Segments, long BlockSize)
{
    /// <summary>
    /// Elements of a concatenation of several tensors: 16 MB of float32, which take a GPU several times as long to read as to be told to.
    /// Larger tensors stay alone.
    /// </summary>
    public const long MaximumElements = 4 << 20;

    /// <summary>
    /// Numbers that a reduction leaves at most for its second step, when each tensor is padded to as many blocks as the largest has. Sizes
    /// with so small a common divisor that there would be more stay apart.
    /// </summary>
    public const long MaximumCells = 1 << 14;

    /// <summary>Blocks of all tensors.</summary>
    public long Blocks { get; } = Segments.Sum(segment => segment.Count) / BlockSize;

    /// <summary>Blocks of the largest tensor.</summary>
    public long BlocksOfLargest { get; } = Segments[^1].Count / BlockSize;

    /// <summary>Whether every tensor is one block.</summary>
    public bool IsUniform => Blocks == Segments.Length;

    /// <summary>The tensors of one shape each: the first of their blocks, and how many tensors they are.</summary>
    public IEnumerable<(long FirstBlock, int Tensors, Segment Shape)> Runs
    {
        get
        {
            var block = 0L;
            for (var first = 0; first < Segments.Length;)
            {
                var shape = Segments[first];
                var tensors = Segments.Skip(first).TakeWhile(s => (s.Count, s.Rows) == (shape.Count, shape.Rows)).Count();
                yield return (block, tensors, shape);
                first += tensors;
                block += tensors * shape.Count / BlockSize;
            }
        }
    }

    /// <summary>Packs tensors into concatenations, as few as the limits allow when they are taken by size.</summary>
    public static IReadOnlyList<SegmentPlan> Pack(IEnumerable<Segment> segments)
    {
        var plans = new List<SegmentPlan>();
        var open = ImmutableArray.CreateBuilder<Segment>();
        var (elements, blockSize) = (0L, 0L);
        foreach (var segment in segments.OrderBy(s => s.Count).ThenBy(s => s.Rows).ThenBy(s => s.Column))
        {
            var divisor = (long)BigInteger.GreatestCommonDivisor(blockSize, segment.Count);
            if (open.Count > 0
                && (elements + segment.Count > MaximumElements || (open.Count + 1) * (segment.Count / divisor) > MaximumCells))
            {
                Close();
                divisor = segment.Count;
            }

            open.Add(segment);
            (elements, blockSize) = (elements + segment.Count, divisor);
        }

        if (open.Count > 0)
        {
            Close();
        }

        return plans;

        void Close()
        {
            plans.Add(new SegmentPlan(open.DrainToImmutable(), blockSize));
            (elements, blockSize) = (0, 0);
        }
    }
}
