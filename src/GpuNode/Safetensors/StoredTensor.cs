using System.Collections.Immutable;

namespace LPZero.GpuNode.Safetensors;

/// <summary>A tensor of a safetensors file as the file's header describes it.</summary>
/// <param name="Name">Unique within the file.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Its dimensions, outermost first; none for a number, and one of them 0 for a tensor without elements.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="Count">Number of elements.</param>
public sealed record StoredTensor(string Name, ElementType Type, ImmutableArray<long> Shape, long Begin, long Count)
{
    /// <summary>Bytes of an element in the file.</summary>
    public int ElementSize => Type == ElementType.Single ? sizeof(float) : sizeof(ushort);

    /// <summary>Bytes that it has in the file.</summary>
    public long Length => Count * ElementSize;
}
