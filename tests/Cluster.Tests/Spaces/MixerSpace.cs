using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;
using static TorchSharp.torch;

namespace LPZero.Cluster.Tests.Spaces;

/// <summary>Networks in which each token sees the mean of its sequence, written mixer:HIDDEN:LAYERS.</summary>
internal sealed class MixerSpace : ISpace
{
    public string Name => "mixer";

    public Genotype Parse(string text) =>
        text.Split(':') is ["mixer", var hidden, var layers] && Number(hidden) is { } width && Number(layers) is { } count
            ? new MixerGenotype(width, count)
            : throw new FormatException($"'{text}' is no mixer; write mixer:HIDDEN:LAYERS");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What a network is, without its weights.</summary>
internal sealed class MixerGenotype(int hidden, int layers) : NetworkGenotype
{
    public override string Space => "mixer";

    public override int HiddenSize => hidden;

    public override int LayerCount => layers;

    // What the text does not tell apart is one network, with the same weights.
    protected override string Content => string.Create(CultureInfo.InvariantCulture, $"{hidden}:{layers}");

    public ImmutableArray<ParameterShape> Parameters { get; } =
    [
        new("mixing.input.weight", [hidden, hidden], ParameterKind.Linear, ParameterRole.Mixing),
        new("feed_forward.weight", [2 * hidden, hidden], ParameterKind.Linear, ParameterRole.FeedForward),
        new("output.weight", [hidden, 2 * hidden], ParameterKind.Linear, ParameterRole.FeedForward),
    ];

    public override string? FindProblem() =>
        NetworkBounds.HiddenSize.FindProblem("hidden size", hidden) ?? NetworkBounds.Layers.FindProblem("layers", layers);

    // The space offers no choice of shapes.
    public override Genotype Resolve(Shapes shapes) => this;

    public override Structure Describe(EmbeddingSizes sizes, int sequenceLength)
    {
        var (mixing, all) = (Parameters[0].Count, Parameters.Sum(parameter => parameter.Count));
        var counts = new ParameterCounts(
            Embedding: (long)sizes.Vocabulary * hidden, Attention: layers * mixing, FeedForward: layers * (all - mixing),
            Normalization: 0, Output: 0);
        return new Structure
        {
            Parameters = counts,
            FlopsPerToken = 2.0 * layers * all,
            Features = [new("layers", layers), new("hidden", hidden)],
            Baselines = [new("layers", layers), new("parameters", counts.Total)],
            MainBaseline = "parameters",
        };
    }

    // Of each layer the input's gradient, head and softmax, the activation, and the weights with their gradients.
    public override MemoryEstimate Estimate(ProbeSettings probe)
    {
        var states = (long)probe.BatchSize * probe.SequenceLength * hidden;
        var all = Parameters.Sum(parameter => parameter.Count);
        var shown = probe.Weights == WeightSelection.All ? all : Parameters[0].Count;
        var held = sizeof(float) * layers * ((5 * states) + (2 * shown));
        return new MemoryEstimate(
            held, Peak: (4 * held) + (2 * sizeof(float) * layers * all), LargestTensor: sizeof(float) * Math.Max(2 * states, shown));
    }

    public override INetwork Build(ProbeSettings probe, Device device) => new MixerNetwork(this, probe, device);
}

/// <summary>The network on a mini-batch, as PyTorch would compute it.</summary>
internal sealed class MixerNetwork(MixerGenotype genotype, ProbeSettings probe, Device device) : INetwork
{
    private readonly RandomWeights random = new(RandomWeights.Seed(probe.WeightsSeed, genotype.ToString()));

    public ProbeSettings Probe => probe;

    public int Layers => genotype.LayerCount;

    public ImmutableArray<ParameterShape> Parameters(int layer) => genotype.Parameters;

    public IReadOnlyDictionary<string, Tensor> Draw(int layer) => random.Draw($"layer.{layer}.", genotype.Parameters)
        .ToDictionary(weight => weight.Key, weight => weight.Value.to(device), StringComparer.Ordinal);

    public Tensor Embed()
    {
        float[] rows = [.. random.Rows("embedding.weight", MiniBatch.Tokens(probe), genotype.HiddenSize).SelectMany(row => row)];
        return tensor(rows, [probe.BatchSize, probe.SequenceLength, genotype.HiddenSize], device: device);
    }

    public LayerOutput Forward(int layer, IReadOnlyDictionary<string, Tensor> weights, Tensor hidden)
    {
        var head = nn.functional.linear(hidden, weights["mixing.input.weight"]);
        var context = hidden + head.mean([1], keepdim: true);
        var activation = nn.functional.gelu(nn.functional.linear(context, weights["feed_forward.weight"]));
        var output = context + nn.functional.linear(activation, weights["output.weight"]);
        var mixing = new MixingOutput(context, head, nn.functional.softmax(head, -1), [head], HasProbabilities: false);
        return new LayerOutput(mixing, context, [activation], output);
    }

    // The sum of the output times seeded signs, as no encoder of this space has a task of its own.
    public Tensor Loss(IReadOnlyDictionary<string, Tensor> weights, Tensor hidden) =>
        hidden.mul(MiniBatch.Cotangent(probe, genotype.HiddenSize).to(device)).sum();
}
