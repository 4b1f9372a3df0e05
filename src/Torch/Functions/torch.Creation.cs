using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>A tensor of one element, without dimensions.</summary>
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => Copied([scalar], [], null, device, requires_grad);

    /// <summary>A tensor of one element, without dimensions.</summary>
    public static Tensor tensor(double scalar, Device? device = null, bool requires_grad = false) => Copied([scalar], [], null, device, requires_grad);

    /// <summary>A tensor of one element, without dimensions.</summary>
    public static Tensor tensor(long scalar, Device? device = null, bool requires_grad = false) => Copied([scalar], [], null, device, requires_grad);

    /// <summary>A tensor of one dimension with a copy of the numbers.</summary>
    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<float>(rawArray, [rawArray.LongLength], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of the numbers, the last index running fastest.</summary>
    /// <exception cref="ArgumentException">There are fewer numbers than the dimensions need.</exception>
    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<float>(rawArray, dimensions, dtype, device, requires_grad);

    /// <summary>A tensor of one dimension with a copy of the numbers.</summary>
    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<double>(rawArray, [rawArray.LongLength], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of the numbers, the last index running fastest.</summary>
    /// <exception cref="ArgumentException">There are fewer numbers than the dimensions need.</exception>
    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<double>(rawArray, dimensions, dtype, device, requires_grad);

    /// <summary>A tensor of one dimension with a copy of the numbers.</summary>
    public static Tensor tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<long>(rawArray, [rawArray.LongLength], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of the numbers, the last index running fastest.</summary>
    /// <exception cref="ArgumentException">There are fewer numbers than the dimensions need.</exception>
    public static Tensor tensor(long[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<long>(rawArray, dimensions, dtype, device, requires_grad);

    /// <summary>A tensor of one dimension with a copy of the truth values.</summary>
    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<bool>(rawArray, [rawArray.LongLength], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of the truth values, the last index running fastest.</summary>
    /// <exception cref="ArgumentException">There are fewer values than the dimensions need.</exception>
    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Copied<bool>(rawArray, dimensions, dtype, device, requires_grad);

    /// <summary>A tensor of undefined content.</summary>
    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Made(Native.torch_empty(size, size.Length, Options(dtype, device, requires_grad)));

    /// <summary>A tensor of undefined content.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty((ReadOnlySpan<long>)size, dtype, device, requires_grad);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Made(Native.torch_zeros(size, size.Length, Options(dtype, device, requires_grad)));

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros((ReadOnlySpan<long>)size, dtype, device, requires_grad);

    /// <summary>A tensor of zeros of one dimension.</summary>
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size], dtype, device, requires_grad);

    /// <summary>A tensor of zeros of two dimensions.</summary>
    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([rows, columns], dtype, device, requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full(size, 1, dtype, device, requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full(size, 1, dtype, device, requires_grad);

    /// <summary>A tensor of ones of one dimension.</summary>
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full([size], 1, dtype, device, requires_grad);

    /// <summary>A tensor of ones of two dimensions.</summary>
    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full([rows, columns], 1, dtype, device, requires_grad);

    /// <summary>A tensor of one value.</summary>
    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Made(Native.torch_full(size, size.Length, value.Number, Options(dtype, device, requires_grad)));

    /// <summary>A tensor of one value.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        full((ReadOnlySpan<long>)size, value, dtype, device, requires_grad);

    /// <summary>A tensor of undefined content of another's shape, and of its element type and device unless others are given.</summary>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty(input.shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    /// <summary>A tensor of zeros of another's shape, and of its element type and device unless others are given.</summary>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros(input.shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    /// <summary>A tensor of ones of another's shape, and of its element type and device unless others are given.</summary>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones(input.shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    /// <summary>The numbers from start to before stop: int64 where all three are integers, else float32, unless a type is given.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        dtype ??= start.IsIntegral && stop.IsIntegral && step.IsIntegral ? ScalarType.Int64 : ScalarType.Float32;
        return Tensor.Made(Native.torch_arange(start.Number, stop.Number, step.Number, Options(dtype, device, requires_grad)));
    }

    /// <summary>The numbers from start to before stop, one apart.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>The numbers from zero to before stop.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>A matrix with ones on the diagonal; as many columns as rows unless a number is given.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Tensor.Made(Native.torch_eye(rows, columns < 0 ? rows : columns, Options(dtype, device, requires_grad)));

    private static Tensor Copied<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, [CallerMemberName] string operation = "")
        where T : unmanaged
    {
        var type = ElementType(typeof(T));
        long needed = 1;
        foreach (var size in dimensions)
            needed = checked(needed * size);
        if (needed > values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {needed} vs. {values.Length}", nameof(dimensions));
        return Tensor.Made(
            Native.torch_from_bytes(MemoryMarshal.AsBytes(values), (int)type, dimensions, dimensions.Length, Options(dtype ?? type, device, requires_grad)),
            operation: operation);
    }

    private static NativeOptions Options(ScalarType? dtype, Device? device, bool requires_grad)
    {
        device = InitializeDevice(device);
        return new NativeOptions((int)(dtype ?? ScalarType.Float32), (int)device.type, device.index, requires_grad ? 1 : 0);
    }
}
