namespace LPZero.GpuNode.Models.Decoders;

/// <summary>
/// Rotary positions (Su et al. 2021) in the form of GPT-NeoX: of each head's first elements, the first half is paired with the second, and
/// each pair is turned by an angle in proportion to the position.
/// </summary>
internal static class RotaryPositions
{
    private const double Base = 10000;

    /// <summary>Queries or keys with the first elements of each head rotated.</summary>
    /// <param name="heads">[B, heads, T, width].</param>
    /// <param name="share">Which part of the width is rotated; what is left over passes as it is.</param>
    public static Tensor Rotate(Tensor heads, double share)
    {
        var (time, width) = (heads.shape[2], heads.shape[3]);
        var pairs = (long)(share * width) / 2;
        if (pairs == 0)
        {
            return heads;
        }

        var (cosines, sines) = Table(time, pairs);
        cosines = cosines.to(heads.dtype).to(heads.device);
        sines = sines.to(heads.dtype).to(heads.device);
        var first = heads.slice(-1, 0, pairs, 1);
        var second = heads.slice(-1, pairs, 2 * pairs, 1);
        return cat([
            first.mul(cosines).sub(second.mul(sines)),
            second.mul(cosines).Plus(first.mul(sines)),
            heads.slice(-1, 2 * pairs, width, 1),
        ], -1);
    }

    /// <summary>Cosines and sines of position t times 10000^(-i / pairs), [T, pairs].</summary>
    private static (Tensor Cosines, Tensor Sines) Table(long time, long pairs)
    {
        var (cosines, sines) = (new double[time, pairs], new double[time, pairs]);
        for (var t = 0; t < time; t++)
        {
            for (var i = 0; i < pairs; i++)
            {
                (sines[t, i], cosines[t, i]) = Math.SinCos(t * Math.Pow(Base, -(double)i / pairs));
            }
        }

        return (tensor(cosines), tensor(sines));
    }
}
