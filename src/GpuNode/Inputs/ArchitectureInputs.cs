using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Inputs;

/// <summary>
/// What an architecture shows on the mini-batch: for each input and layer a list of tensors, contiguous, float32, without
/// gradient tracking, on the device. Owned: disposing releases them all.
/// </summary>
public sealed class ArchitectureInputs : IDisposable
{
    private readonly ImmutableArray<ImmutableArray<Tensor>>[] byKind;

    /// <summary>Takes over the tensors.</summary>
    /// <param name="byKind">For each <see cref="InputKind"/>, the tensors of each layer; none for an input that was not asked for.</param>
    public ArchitectureInputs(ImmutableArray<ImmutableArray<Tensor>>[] byKind)
    {
        this.byKind = byKind;
        Bytes = Tensors().Sum(tensor => tensor.numel() * tensor.element_size());
    }

    /// <summary>Bytes that the tensors hold.</summary>
    public long Bytes { get; }

    /// <summary>What each tensor of W belongs to, layer by layer, where a recording says so; else empty.</summary>
    public ImmutableArray<ImmutableArray<ParameterRole>> WeightRoles { get; init; } = [];

    /// <summary>The tensors of each layer, first to last.</summary>
    /// <exception cref="InvalidOperationException">The input was not computed.</exception>
    public ImmutableArray<ImmutableArray<Tensor>> this[InputKind kind] =>
        Has(kind) ? byKind[(int)kind] : throw new InvalidOperationException($"input {kind} was not computed");

    /// <summary>Whether the input was computed.</summary>
    public bool Has(InputKind kind) => !byKind[(int)kind].IsEmpty;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors())
        {
            tensor.Dispose();
        }
    }

    private IEnumerable<Tensor> Tensors() => byKind.SelectMany(layers => layers).SelectMany(tensors => tensors);
}
