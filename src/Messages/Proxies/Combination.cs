namespace LPZero.Messages.Proxies;

/// <summary>What a proxy's product is applied to. Sums and differences are the same numbers either way.</summary>
public enum Combination
{
    /// <summary>The two branches' numbers on a layer, as in the published code.</summary>
    Means,

    /// <summary>
    /// The two chains' results, element by element, where these are tensors of one shape (<see cref="TensorProduct"/>), as the paper's text
    /// suggests; the branches' numbers everywhere else.
    /// </summary>
    Tensors,
}
