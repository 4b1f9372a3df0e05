using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Inputs;

/// <summary>Records what a network shows on its mini-batch in one forward pass and, where it is needed, one backward pass.</summary>
public static class InputProbe
{
    /// <summary>All six inputs.</summary>
    public static ImmutableArray<InputKind> All { get; } = [.. Enum.GetValues<InputKind>()];

    /// <summary>
    /// The inputs of every layer, at least those wanted: no backward pass runs where neither J nor G is, and no pass at all where W alone
    /// is. What is computed has the same bits either way. Everything else that the passes make is released.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="wanted">The inputs that are wanted.</param>
    /// <exception cref="ArgumentException">The network cannot be built, or the mini-batch does not fit the embedding.</exception>
    public static ArchitectureInputs Run(INetwork network, IReadOnlyCollection<InputKind> wanted)
    {
        using var scope = NewDisposeScope();
        if (wanted.All(kind => kind == InputKind.W))
        {
            return Collect([.. Enumerable.Range(0, network.Layers).Select(layer => OwnWeights(network, layer))]);
        }

        if (!wanted.Any(kind => kind is InputKind.J or InputKind.G))
        {
            using var guard = no_grad();
            return Collect(Forward(network, network.Embed()));
        }

        // The embedding is a leaf: nothing asks for its own gradients, and layer 0 has a Jacobian nevertheless.
        var layers = Forward(network, network.Embed().requires_grad_());
        var gradients = new Queue<Tensor>(CheckedCalls.Gradients(
            Loss(network, layers[^1].Output!.Output), [.. layers.SelectMany(layer => layer.Weights.Prepend(layer.Input!))]));
        return Collect([.. layers.Select(layer => layer with
        {
            Jacobian = gradients.Dequeue(), Gradients = [.. layer.Weights.Select(_ => gradients.Dequeue())],
        })]);
    }

    /// <summary>Whether W and G hold this parameter.</summary>
    internal static bool IsShown(ParameterShape shape, WeightSelection selection) => selection switch
    {
        WeightSelection.All => shape.IsLinearMap,

        // As published: matrices alone, without the kernels of the span convolution.
        WeightSelection.Mixing => shape is { IsMixing: true, Kind: ParameterKind.Linear },
        _ => throw new ArgumentOutOfRangeException(nameof(selection), selection, null),
    };

    private static List<Shown> Forward(INetwork network, Tensor embedded)
    {
        var hidden = embedded;
        var layers = new List<Shown>();
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var shown = Forward(network, layer, hidden);
            layers.Add(shown);
            hidden = shown.Output!.Output;
        }

        return layers;
    }

    private static Shown Forward(INetwork network, int layer, Tensor input)
    {
        // Inner scope: what the layer does not show lives on in the graph alone, which backward releases as it goes.
        using var scope = NewDisposeScope();
        var drawn = network.Draw(layer);
        var weights = ShownOf(network, layer, drawn);
        foreach (var weight in weights)
        {
            weight.requires_grad_(is_grad_enabled());
        }

        var output = network.Forward(layer, drawn, input);
        foreach (var tensor in (Tensor[])[output.Output, output.Mixing.Head, output.Mixing.Softmax, .. output.Activations, .. weights])
        {
            tensor.MoveToOuterDisposeScope();
        }

        return new Shown(weights, input, output);
    }

    private static Shown OwnWeights(INetwork network, int layer)
    {
        using var scope = NewDisposeScope();
        var weights = ShownOf(network, layer, network.Draw(layer));
        foreach (var weight in weights)
        {
            weight.MoveToOuterDisposeScope();
        }

        return new Shown(weights);
    }

    private static Tensor Loss(INetwork network, Tensor output)
    {
        using var scope = NewDisposeScope();
        return network.Loss(network.DrawForLoss(), output).MoveToOuterDisposeScope();
    }

    private static ImmutableArray<Tensor> ShownOf(INetwork network, int layer, IReadOnlyDictionary<string, Tensor> weights) =>
        [.. network.Parameters(layer).Where(shape => IsShown(shape, network.Probe.Weights)).Select(shape => weights[shape.Name])];

    private static ArchitectureInputs Collect(List<Shown> layers)
    {
        return new ArchitectureInputs([.. All.Select(kind => ImmutableArray.CreateRange(layers.Select(layer => Of(layer, kind))
            .Where(tensors => !tensors.IsDefault).Select(Kept)))]);

        static ImmutableArray<Tensor> Kept(ImmutableArray<Tensor> tensors) =>
            [.. tensors.Select(tensor => tensor.detach().contiguous().DetachFromDisposeScope())];
    }

    private static ImmutableArray<Tensor> Of(Shown layer, InputKind kind) => kind switch
    {
        InputKind.W => layer.Weights,
        InputKind.A => layer.Output?.Activations ?? default,
        InputKind.H => layer.Output is { } output ? [output.Mixing.Head] : default,
        InputKind.S => layer.Output is { } output ? [output.Mixing.Softmax] : default,
        InputKind.J => layer.Jacobian is { } jacobian ? [jacobian] : default,
        InputKind.G => layer.Gradients,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>What a layer shows, as far as the passes have come.</summary>
    private sealed record Shown(ImmutableArray<Tensor> Weights, Tensor? Input = null, LayerOutput? Output = null)
    {
        public Tensor? Jacobian { get; init; }

        public ImmutableArray<Tensor> Gradients { get; init; }
    }
}
