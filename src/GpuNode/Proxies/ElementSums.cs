namespace LPZero.GpuNode.Proxies;

/// <summary>
/// Sums, in double, of what is made of two tensors of one shape element by element. Some rows at a time, so that what is made of them,
/// which is in double at last, is read from the cache that it was written to: made of all of a large matrix at once it takes memory anew
/// each time.
/// </summary>
internal static class ElementSums
{
    private const long Elements = 1 << 15;

    /// <summary>The sum.</summary>
    /// <param name="first">A tensor with at least one dimension.</param>
    /// <param name="second">A tensor of its shape.</param>
    /// <param name="value">Makes a tensor of some rows of both: of each element of them one, whatever the others are.</param>
    public static double Of(Tensor first, Tensor second, Func<Tensor, Tensor, Tensor> value)
    {
        var rows = first.shape[0];
        var step = Math.Max(1, Elements * rows / Math.Max(1, first.numel()));
        var sum = 0.0;
        for (var row = 0L; row < rows; row += step)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(step, rows - row);
            sum += NetworkEvidence.Total(value(first.narrow(0, row, count), second.narrow(0, row, count)));
        }

        return sum;
    }
}
