using System.Collections.Immutable;

namespace LPZero.Messages.Proxies;

/// <summary>What an input of proxies is, for people.</summary>
/// <param name="Input">The input, whose letter expressions use.</param>
/// <param name="Name">Its name in the paper.</param>
/// <param name="Meaning">What it holds, for each layer.</param>
public sealed record InputMeaning(InputKind Input, string Name, string Meaning)
{
    /// <summary>All inputs, in the order of the paper.</summary>
    public static ImmutableArray<InputMeaning> All { get; } =
    [
        new(InputKind.A, "activation", "output of each feed-forward activation function"),
        new(InputKind.J, "Jacobian", "gradient of the loss with respect to the layer's input"),
        new(InputKind.G, "gradient", "gradient of the loss with respect to each weight in W"),
        new(InputKind.H, "head", "output of the query projection, or of a linear transform's input projection"),
        new(InputKind.W, "weight", "weight of each linear map"),
        new(InputKind.S, "softmax", "attention probabilities, or the softmax of a linear transform's output"),
    ];
}
