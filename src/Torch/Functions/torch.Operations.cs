namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>The tensors one after the other along a dimension that they have.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Joined(tensors, dim, Native.torch_cat, nameof(cat));

    /// <summary>The tensors one after the other along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Joined([.. tensors], dim, Native.torch_stack, nameof(stack));

    /// <summary>x where the condition holds, y where it does not.</summary>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    /// <summary>The matrix product over the last two dimensions; the others are broadcast.</summary>
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    /// <summary>e^x over its sum along a dimension.</summary>
    public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    /// <summary>|x| of each element.</summary>
    public static Tensor abs(Tensor input) => input.abs();

    /// <summary>The natural logarithm of each element.</summary>
    public static Tensor log(Tensor input) => input.log();

    /// <summary>e to the power of each element.</summary>
    public static Tensor exp(Tensor input) => input.exp();

    /// <summary>The square root of each element.</summary>
    public static Tensor sqrt(Tensor input) => input.sqrt();

    /// <summary>The hyperbolic tangent of each element.</summary>
    public static Tensor tanh(Tensor input) => input.tanh();

    /// <summary>1 / (1 + e^-x) of each element.</summary>
    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    private static Tensor Joined(IList<Tensor> tensors, long dim, Join join, string operation)
    {
        var handles = Handles(tensors);
        var result = join(handles, handles.Length, dim);
        if (result == 0)
            throw Native.Failure(operation, [.. tensors]);
        GC.KeepAlive(tensors);
        return new Tensor(result);
    }

    private delegate nint Join(ReadOnlySpan<nint> list, int count, long dim);
}
