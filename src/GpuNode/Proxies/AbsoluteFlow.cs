namespace LPZero.GpuNode.Proxies;

/// <summary>Sums over the linear maps of a network with absolute weights W, and the gradient of the sum R of its output there.</summary>
/// <param name="Products">Σ |W ⊙ ∂R/∂W|.</param>
/// <param name="Logarithms">Σ W ln(1 + |∂R/∂W|).</param>
public sealed record AbsoluteFlow(double Products, double Logarithms);
