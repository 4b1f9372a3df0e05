using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Inputs;

/// <summary>Builds a network with random weights and records what one forward and one backward pass show.</summary>
public static class InputProbe
{
    /// <summary>The six inputs of every layer. Everything else that the passes make is released.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="device">Where the passes run and the inputs stay.</param>
    /// <exception cref="ArgumentException">The network cannot be built, or the mini-batch does not fit the embedding.</exception>
    public static ArchitectureInputs Run(ProbedNetwork target, Device device)
    {
        if ((target.Network.FindProblem() ?? target.Probe.Sizes.FindProblem()) is { } problem)
        {
            throw new ArgumentException(problem, nameof(target));
        }

        using var scope = NewDisposeScope();
        var random = new RandomWeights(target);

        // The embedding is a leaf: nothing asks for its own gradients, and layer 0 has a Jacobian nevertheless.
        var hidden = OnDevice(NoGradient(random.Embed), device).requires_grad_();
        var layers = new List<Shown>();
        for (var index = 0; index < target.Network.Layers.Length; index++)
        {
            var layer = Forward(random, index, hidden, target, device);
            layers.Add(layer);
            hidden = layer.Output.Output;
        }

        // The gradients of sum(output * R) are those of the output with R as cotangent.
        var cotangent = OnDevice(MiniBatch.Cotangent(target.Probe, target.Network.HiddenSize), device);
        var gradients = CheckedCalls.Gradients(hidden, [.. layers.SelectMany(layer => layer.Differentiated)], cotangent);
        return Collect(layers, gradients);
    }

    private static Shown Forward(RandomWeights random, int index, Tensor input, ProbedNetwork target, Device device)
    {
        // Inner scope: what the layer does not show lives on in the graph alone, which backward releases as it goes.
        using var scope = NewDisposeScope();
        var (layer, weights) = Weights(random.Layer(index), target, device);
        var output = EncoderLayer.Forward(layer, input);
        foreach (var tensor in (Tensor[])[output.Output, output.Mixing.Head, output.Mixing.Softmax, .. output.Activations, .. weights])
        {
            tensor.MoveToOuterDisposeScope();
        }

        return new Shown(input, weights, output);
    }

    private static (LayerWeights Layer, ImmutableArray<Tensor> Shown) Weights(LayerWeights drawn, ProbedNetwork target, Device device)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var shown = ImmutableArray.CreateBuilder<Tensor>();
        foreach (var shape in FlexiBertParameters.Layer(target.Network.HiddenSize, drawn.Layer))
        {
            var tensor = OnDevice(drawn[shape.Name], device);
            tensors.Add(shape.Name, tensor);
            if (IsShown(shape, target.Probe.Weights))
            {
                shown.Add(tensor.requires_grad_());
            }
        }

        return (new LayerWeights(drawn.Layer, tensors), shown.ToImmutable());
    }

    /// <summary>Whether W and G hold this parameter.</summary>
    internal static bool IsShown(ParameterShape shape, WeightSelection selection) => selection switch
    {
        WeightSelection.All => shape.IsLinearMap,

        // As published: matrices alone, without the kernels of the span convolution.
        WeightSelection.Mixing => shape is { IsMixing: true, Kind: ParameterKind.Linear },
        _ => throw new ArgumentOutOfRangeException(nameof(selection), selection, null),
    };

    private static ArchitectureInputs Collect(List<Shown> layers, IList<Tensor> gradients)
    {
        var byKind = Enum.GetValues<InputKind>().Select(_ => ImmutableArray.CreateBuilder<ImmutableArray<Tensor>>(layers.Count)).ToArray();
        var remaining = new Queue<Tensor>(gradients);
        foreach (var layer in layers)
        {
            Add(InputKind.J, [remaining.Dequeue()]);
            Add(InputKind.G, layer.Weights.Select(_ => remaining.Dequeue()));
            Add(InputKind.W, layer.Weights);
            Add(InputKind.A, layer.Output.Activations);
            Add(InputKind.H, [layer.Output.Mixing.Head]);
            Add(InputKind.S, [layer.Output.Mixing.Softmax]);
        }

        return new ArchitectureInputs([.. byKind.Select(layersOfKind => layersOfKind.ToImmutable())]);

        void Add(InputKind kind, IEnumerable<Tensor> tensors) =>
            byKind[(int)kind].Add([.. tensors.Select(tensor => tensor.detach().contiguous().DetachFromDisposeScope())]);
    }

    private static Tensor NoGradient(Func<Tensor> make)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return make().MoveToOuterDisposeScope();
    }

    private static Tensor OnDevice(Tensor tensor, Device device) => device.type == DeviceType.CPU ? tensor : tensor.to(device);

    private sealed record Shown(Tensor Input, ImmutableArray<Tensor> Weights, LayerOutput Output)
    {
        public IEnumerable<Tensor> Differentiated => Weights.Prepend(Input);
    }
}
