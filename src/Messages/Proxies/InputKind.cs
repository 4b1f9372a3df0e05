namespace LPZero.Messages.Proxies;

/// <summary>
/// What an untrained network shows on one mini-batch, per layer (LPZero, arXiv 2410.04808, table of inputs).
/// The member's name is the letter of the paper and of the expression grammar.
/// </summary>
public enum InputKind
{
    /// <summary>Activation: output of each feed-forward activation function of the layer.</summary>
    A,

    /// <summary>Jacobian: gradient of the loss with respect to the layer's input hidden states.</summary>
    J,

    /// <summary>Gradient: gradient of the loss with respect to each weight of <see cref="W"/>.</summary>
    G,

    /// <summary>Head: output of the query projection, or of the input projection of a linear transform.</summary>
    H,

    /// <summary>Weight: the weight of each linear map of the layer.</summary>
    W,

    /// <summary>Softmax: attention probabilities; of a linear transform the softmax of its output.</summary>
    S,
}
