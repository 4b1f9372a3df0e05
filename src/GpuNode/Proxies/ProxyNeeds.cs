namespace LPZero.GpuNode.Proxies;

/// <summary>
/// What a proxy looks at of a network, and so what is computed for it. A network that is built here shows all of it, recorded inputs show
/// some.
/// </summary>
[Flags]
public enum ProxyNeeds
{
    /// <summary>The network's description alone.</summary>
    Description = 0,

    /// <summary>The linear maps and their weights.</summary>
    Maps = 1,

    /// <summary>Which linear maps belong to the mixing operations, and which to the feed-forward blocks.</summary>
    Blocks = 2,

    /// <summary>Outputs of the feed-forward activation functions.</summary>
    Activations = 4,

    /// <summary>Attention probabilities.</summary>
    Probabilities = 8,

    /// <summary>The gradient of the loss with respect to the states before the first layer.</summary>
    Jacobian = 16,

    /// <summary>Outputs of the linear maps that make queries, keys and values, and of the input maps of linear transforms.</summary>
    Projections = 32,

    /// <summary>The states behind each layer.</summary>
    Outputs = 64,

    /// <summary>Gradients of the loss with respect to the activations.</summary>
    ActivationGradients = 128,

    /// <summary>A pass with other weights or another mini-batch.</summary>
    OtherPass = 256,

    /// <summary>Gradients of the loss with respect to the weights of the linear maps.</summary>
    WeightGradients = 512,

    /// <summary>What takes a backward pass over the mini-batch.</summary>
    Backward = Jacobian | ActivationGradients | WeightGradients,

    /// <summary>What takes a forward pass over the mini-batch, a backward pass behind it included.</summary>
    Forward = Activations | Probabilities | Projections | Outputs | Backward,

    /// <summary>All that a network shows.</summary>
    All = Maps | Blocks | Forward | OtherPass,
}
