using System.Collections.Immutable;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Proxies;

/// <summary>What recorded inputs show to proxies that people designed, and why they do not show the rest.</summary>
internal static class RecordedEvidence
{
    private static readonly ImmutableArray<(ProxyNeeds Need, string Reason)> Unrecorded =
    [
        (ProxyNeeds.OtherPass, "its inputs were recorded, so there is no network to pass over again"),
        (ProxyNeeds.Outputs, "recorded inputs do not hold the states behind each layer"),
        (ProxyNeeds.Projections, "recorded inputs hold the output of the query projection, not those of key and value"),
        (ProxyNeeds.ActivationGradients, "recorded inputs hold no gradients of the activations"),
    ];

    private static readonly ImmutableArray<(ProxyNeeds Need, Func<ImmutableArray<LayerEvidence>, bool> Fits, string Reason)> Forms =
    [
        (ProxyNeeds.Maps, layers => layers.All(layer => !layer.Maps.IsEmpty),
            "its recorded W and G are not weights and their gradients, tensor by tensor"),
        (ProxyNeeds.Blocks, layers => layers.Any(layer => layer.Maps.Any(map => map.Shape.Role != ParameterRole.Other)),
            "its inputs do not say which weights are attention's and which the feed-forward block's: collect them again, with a mapping"),
        (ProxyNeeds.Activations, layers => BatchFirst(layers, [.. layers.SelectMany(layer => layer.Activations)]),
            "its recorded A are not [sequences, tokens, units] of the same sequences and tokens as J and S"),
        (ProxyNeeds.Jacobian, layers => BatchFirst(layers, [layers[0].InputGradient]),
            "its recorded J is not [sequences, tokens, units] of the same sequences as S"),
    ];

    /// <summary>Why something that a proxy needs is in no recorded inputs, in one line; null where all of it can be.</summary>
    public static string? FindUnrecorded(ProxyNeeds needs) =>
        Unrecorded.Where(each => needs.HasFlag(each.Need)).Select(each => each.Reason).FirstOrDefault();

    /// <summary>Why something that a proxy needs cannot be made of what these files hold, in one line; null where it can.</summary>
    public static string? FindMisfit(ProxyNeeds needs, ImmutableArray<LayerEvidence> layers) =>
        Forms.Where(each => needs.HasFlag(each.Need) && !each.Fits(layers)).Select(each => each.Reason).FirstOrDefault();

    /// <summary>
    /// What each layer shows. W and G are the linear maps where they are weights and gradients one by one, else there are none. Tensors of
    /// S over tokens and tokens are attention probabilities.
    /// </summary>
    /// <param name="inputs">All six inputs; they keep their tensors.</param>
    public static ImmutableArray<LayerEvidence> LayersOf(ArchitectureInputs inputs) =>
    [
        .. Enumerable.Range(0, inputs[InputKind.J].Length).Select(layer => new LayerEvidence(
            Maps(inputs[InputKind.W][layer], inputs[InputKind.G][layer], inputs.WeightRoles.IsEmpty ? [] : inputs.WeightRoles[layer]))
        {
            States = new LayerStates(
                inputs[InputKind.A][layer], inputs[InputKind.H][layer], inputs[InputKind.S][layer],
                [.. inputs[InputKind.S][layer].Where(softmax => softmax.Dimensions > 2 && softmax.shape[^1] == softmax.shape[^2])]),
            InputGradient = inputs[InputKind.J][layer][0],
        }),
    ];

    private static ImmutableArray<MapEvidence> Maps(
        ImmutableArray<Tensor> weights, ImmutableArray<Tensor> gradients, ImmutableArray<ParameterRole> roles) =>
        weights.Length == gradients.Length && weights.Zip(gradients).All(pair => pair.First.shape.SequenceEqual(pair.Second.shape))
            ? [.. weights.Zip(gradients).Select((pair, number) => new MapEvidence(
                ShapeOf(pair.First, number, roles.IsEmpty ? ParameterRole.Other : roles[number]), pair.First, pair.Second))]
            : [];

    private static ParameterShape ShapeOf(Tensor weight, int number, ParameterRole role) => new(
        $"{InputKind.W}.{number}", [.. weight.shape], weight.Dimensions == 2 ? ParameterKind.Linear : ParameterKind.Convolution, role);

    private static bool BatchFirst(ImmutableArray<LayerEvidence> layers, ImmutableArray<Tensor> tensors)
    {
        var like = layers[0].InputGradient;
        return like.Dimensions == 3
            && tensors.All(tensor => tensor.Dimensions == 3 && tensor.shape[0] == like.shape[0] && tensor.shape[1] == like.shape[1])
            && layers.All(layer => layer.States.Softmax.All(softmax => softmax.shape[0] == like.shape[0]));
    }
}
