using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Export;

/// <summary>A proxy with everything that its score on given inputs depends on.</summary>
/// <param name="Proxy">The proxy; its own layer reduction, where it has one, replaces the run's.</param>
/// <param name="RunLayerReduction">The run's layer reduction.</param>
/// <param name="ElementReduction">How the elements of a chain's result become a number.</param>
/// <param name="TensorReduction">How the tensors of a layer become a number.</param>
/// <param name="Weights">Which linear maps the inputs W and G hold.</param>
/// <param name="Combine">What a product is applied to.</param>
public sealed record ProxyFormula(
    Proxy Proxy, LayerReduction RunLayerReduction, Reduction ElementReduction, Reduction TensorReduction, WeightSelection Weights,
    Combination Combine = Combination.Means)
{
    /// <summary>Whether the two branches' tensors are multiplied element by element.</summary>
    public bool IsProductOfTensors => Combine == Combination.Tensors
        && Proxy.Operation is BinaryOperation.Product or BinaryOperation.Matmul
        && LiveBranches is [var left, var right] && TensorProduct.Exists(left, right);

    /// <summary>The layer reduction that acts.</summary>
    public LayerReduction LayerReduction => Proxy.LayerReduction ?? RunLayerReduction;

    /// <summary>The branches that are not disconnected: one or two.</summary>
    /// <exception cref="InvalidOperationException">Both branches are disconnected.</exception>
    public IReadOnlyList<Branch> LiveBranches
    {
        get
        {
            Branch[] live = [.. new[] { Proxy.Left, Proxy.Right }.Where(branch => !branch.IsDisconnected)];
            return live.Length > 0
                ? live
                : throw new InvalidOperationException($"'{Proxy}' has no score: both of its branches are disconnected.");
        }
    }
}
