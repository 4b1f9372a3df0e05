// The one place that makes the calls that it checks.
#pragma warning disable RS0030

namespace LPZero.GpuNode;

/// <summary>
/// Calls whose arguments are checked before libtorch sees them: TorchSharp hands on what most operations refuse as an exception, but
/// what these refuse ends the process.
/// </summary>
internal static class CheckedCalls
{
    /// <summary>The product of matrices in the last two dimensions; those before are broadcast.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Product(Tensor left, Tensor right) =>
        Fit(left.shape, right.shape)
            ? left.matmul(right)
            : throw new ArgumentException($"a product of {Text(left)} and {Text(right)} does not exist", nameof(right));

    /// <summary>The gradients of a tensor with respect to others, in their order.</summary>
    /// <param name="output">What is differentiated.</param>
    /// <param name="inputs">With respect to what; each takes part in the output.</param>
    /// <param name="cotangent">What the output's gradient is multiplied by, of its shape; none for a single number.</param>
    /// <exception cref="ArgumentException">An input is not tracked or takes no part, or the cotangent does not fit.</exception>
    public static IList<Tensor> Gradients(Tensor output, IReadOnlyList<Tensor> inputs, Tensor? cotangent = null)
    {
        if (!output.requires_grad || inputs.Any(input => !input.requires_grad))
        {
            throw new ArgumentException("a gradient needs an output and inputs that are tracked", nameof(inputs));
        }

        if (!(cotangent is null ? output.numel() == 1 : cotangent.shape.AsSpan().SequenceEqual(output.shape)))
        {
            throw new ArgumentException(
                $"a cotangent of {(cotangent is null ? "none" : Text(cotangent))} does not fit an output of {Text(output)}",
                nameof(cotangent));
        }

        var gradients = autograd.grad([output], [.. inputs], cotangent is null ? null : [cotangent], allow_unused: true);
        return gradients.All(gradient => !gradient.IsInvalid)
            ? gradients
            : throw new ArgumentException(
                $"input {gradients.Index().First(gradient => gradient.Item.IsInvalid).Index} takes no part in the output", nameof(inputs));
    }

    private static bool Fit(ReadOnlySpan<long> left, ReadOnlySpan<long> right)
    {
        if (left.Length < 2 || right.Length < 2 || left[^1] != right[^2])
        {
            return false;
        }

        for (var i = 3; i <= Math.Min(left.Length, right.Length); i++)
        {
            if (left[^i] != right[^i] && left[^i] != 1 && right[^i] != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
