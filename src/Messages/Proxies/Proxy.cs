namespace LPZero.Messages.Proxies;

/// <summary>
/// A zero-cost proxy: two branches and a binary operation, applied layer by layer and reduced over the layers.
/// </summary>
/// <param name="Left">The first branch.</param>
/// <param name="Operation">What joins the two branches' numbers on a layer.</param>
/// <param name="Right">The second branch.</param>
/// <param name="LayerReduction">The proxy's own layer reduction where it is searched like a gene; else the run's.</param>
public sealed record Proxy(Branch Left, BinaryOperation Operation, Branch Right, LayerReduction? LayerReduction = null)
{
    /// <summary>The proxy as an expression that <see cref="ProxyText.ParseProxy"/> reads back.</summary>
    public override string ToString() => ProxyText.Format(this);
}
