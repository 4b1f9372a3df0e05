using System.Collections.Immutable;
using System.Security.Cryptography;

namespace LPZero.GpuNode.Safetensors;

/// <summary>Tensors in one safetensors file or in the shards of several.</summary>
public interface ISafetensors : IDisposable
{
    /// <summary>The tensors by name.</summary>
    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>The free texts of the file, or of the first shard.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The files, in the order of their names.</summary>
    ImmutableArray<string> Files { get; }

    /// <summary>Writes a tensor's elements, converted to float32.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Where to: as long as the tensor has elements.</param>
    void Read(StoredTensor tensor, Span<float> destination);

    /// <summary>Appends every byte of the files to a digest.</summary>
    void AppendTo(IncrementalHash digest);
}
