namespace LPZero.Coordinator.Pruning;

/// <summary>What a canonical product is of.</summary>
public enum Factors
{
    /// <summary>The branches' numbers on a layer.</summary>
    Numbers,

    /// <summary>The branches' tensors, element by element.</summary>
    Tensors,

    /// <summary>
    /// The branches' numbers where these are means of tensors that could be multiplied element by element: the expression says so with a
    /// mean around the first branch.
    /// </summary>
    Means,
}
