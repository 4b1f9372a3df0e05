using System.Collections.Immutable;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Chains;

/// <summary>
/// The tensor that a chain's first operations made, and how to make it again from one that is still there, should it
/// have to be released while it is needed.
/// </summary>
internal sealed class ChainValue : IDisposable
{
    private readonly Func<UnaryOperation, Tensor, Tensor> apply;
    private readonly Tensor origin;
    private readonly ImmutableArray<UnaryOperation> path;
    private Tensor? tensor;

    private ChainValue(Func<UnaryOperation, Tensor, Tensor> apply, Tensor? tensor, Tensor origin, ImmutableArray<UnaryOperation> path)
    {
        this.apply = apply;
        this.tensor = tensor;
        this.origin = origin;
        this.path = path;
    }

    /// <summary>False for the chain's input, which belongs to the caller.</summary>
    public bool IsOwned => path.Length > 0;

    /// <summary>The tensor, made again where it was released.</summary>
    public Tensor Tensor => tensor ??= Again();

    /// <summary>The value of the empty chain.</summary>
    /// <param name="tensor">The chain's input.</param>
    /// <param name="apply">What applies an operation that makes a tensor.</param>
    public static ChainValue Input(Tensor tensor, Func<UnaryOperation, Tensor, Tensor> apply) => new(apply, tensor, tensor, []);

    /// <summary>The value one operation further.</summary>
    /// <param name="operation">An operation that makes a tensor.</param>
    /// <param name="isKept">Whether this value stays until the next one is released; else it is released now.</param>
    public ChainValue Next(UnaryOperation operation, bool isKept)
    {
        var from = Tensor;
        var next = apply(operation, from);
        if (isKept || !IsOwned)
        {
            return new ChainValue(apply, next, from, [operation]);
        }

        Dispose();
        return new ChainValue(apply, next, origin, path.Add(operation));
    }

    /// <summary>Releases the tensor, unless it is the chain's input.</summary>
    public void Dispose()
    {
        if (IsOwned)
        {
            tensor?.Dispose();
            tensor = null;
        }
    }

    private Tensor Again()
    {
        var made = apply(path[0], origin);
        foreach (var operation in path.AsSpan(1..))
        {
            using var before = made;
            made = apply(operation, before);
        }

        return made;
    }
}
