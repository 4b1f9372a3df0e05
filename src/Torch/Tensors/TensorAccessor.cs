using System.Collections;

namespace LPZero.Torch.Utils;

/// <summary>The elements of a CPU tensor in the order of their indices, also where the tensor is not contiguous.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor tensor;

    internal TensorAccessor(torch.Tensor tensor) => this.tensor = tensor;

    /// <summary>The number of elements.</summary>
    public long Count => tensor.numel();

    /// <summary>The element at an index for each dimension.</summary>
    /// <exception cref="ArgumentException">There are more or fewer indices than dimensions.</exception>
    /// <exception cref="IndexOutOfRangeException">An index is outside of its dimension.</exception>
    public unsafe T this[params long[] indices]
    {
        get
        {
            var (sizes, strides) = tensor.ShapeAndStrides();
            if (indices.Length != sizes.Length)
                throw new ArgumentException($"{indices.Length} indices for {sizes.Length} dimensions", nameof(indices));
            long offset = 0;
            for (var d = 0; d < sizes.Length; d++)
            {
                if (indices[d] < 0 || indices[d] >= sizes[d])
                    throw new IndexOutOfRangeException($"Index {indices[d]} in dimension {d} of size {sizes[d]}");
                offset += indices[d] * strides[d];
            }
            var value = ((T*)tensor.DataOnCpu())[offset];
            GC.KeepAlive(tensor);
            return value;
        }
    }

    /// <summary>A copy of the elements.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    /// <summary>Copies the elements from <paramref name="tensorIndex"/> on into a span from <paramref name="arrayIndex"/> on, as many as there are and fit.</summary>
    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (tensor.is_contiguous())
        {
            new Span<T>((T*)tensor.DataOnCpu() + tensorIndex, count).CopyTo(target);
            GC.KeepAlive(tensor);
            return;
        }
        using var inOrder = tensor.contiguous();
        new Span<T>((T*)inOrder.DataOnCpu() + tensorIndex, count).CopyTo(target);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
