using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Export;

/// <summary>A proxy with everything that its score on given inputs depends on.</summary>
/// <param name="Proxy">The proxy; its own layer reduction, where it has one, replaces the run's.</param>
/// <param name="RunLayerReduction">The run's layer reduction.</param>
/// <param name="ElementReduction">How the elements of a chain's result become a number.</param>
/// <param name="TensorReduction">How the tensors of a layer become a number.</param>
/// <param name="Weights">Which linear maps the inputs W and G hold.</param>
public sealed record ProxyFormula(
    Proxy Proxy, LayerReduction RunLayerReduction, Reduction ElementReduction, Reduction TensorReduction, WeightSelection Weights)
{
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
