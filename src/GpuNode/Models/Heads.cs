namespace LPZero.GpuNode.Models;

/// <summary>Splits the last dimension into heads and joins them again.</summary>
internal static class Heads
{
    /// <summary>[B, T, width] to [B, heads, T, width / heads].</summary>
    public static Tensor Split(Tensor input, int heads)
    {
        var (batch, time, width) = (input.shape[0], input.shape[1], input.shape[2]);
        return input.view(batch, time, heads, width / heads).permute(0, 2, 1, 3);
    }

    /// <summary>[B, heads, T, size] to [B, T, heads * size].</summary>
    public static Tensor Join(Tensor input)
    {
        var (batch, heads, time, size) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        return input.permute(0, 2, 1, 3).reshape(batch, time, heads * size);
    }
}
