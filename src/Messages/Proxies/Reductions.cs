namespace LPZero.Messages.Proxies;

/// <summary>How a layer's numbers become a score.</summary>
public enum LayerReduction
{
    /// <summary>The sum over all layers, which sees depth.</summary>
    Sum,

    /// <summary>The mean over all layers, as in the paper.</summary>
    Mean,

    /// <summary>The sum over all layers but the last.</summary>
    AllButLast,

    /// <summary>The last layer alone.</summary>
    Last,
}

/// <summary>How the elements of a chain's result, or the tensors of a layer, become one number.</summary>
public enum Reduction
{
    /// <summary>Their mean, as published.</summary>
    Mean,

    /// <summary>Their sum, which sees width or the number of feed-forwards.</summary>
    Sum,
}
