using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Safetensors;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Tests.Benchmarks;
using static TorchSharp.torch;

namespace LPZero.Seed.Tests.PythonClient;

/// <summary>A FlexiBERT in plain PyTorch, with our weights, shows the client what it shows here.</summary>
public sealed class CollectedFlexiBertTests : IDisposable
{
    private static readonly FlexiBertGenotype Genotype = new(
        24,
        [
            new(MixingOperation.Fourier, 2, 40, 3), new(MixingOperation.ScaledDotProduct, 4, 32, 3),
            new(MixingOperation.WeightedMultiplicative, 2, 24, 1),
        ]);

    private static readonly ProbeSettings Probe =
        new(2, 7, WeightsSeed: 5, BatchSeed: 6, WeightSelection.All, new EmbeddingSizes(40, 16, 8));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [PythonFact]
    public async Task Terms_of_what_Python_collects_are_our_own_to_1e_4_and_those_of_two_operations_to_5e_4()
    {
        using var scope = NewDisposeScope();
        var network = Network.Of(new ProbedNetwork(Genotype, Probe), CPU);
        Write(network);
        await PythonProgram.RunAsync("tests.flexibert", folder.Path);
        using var ours = InputProbe.Run(network, InputProbe.All);
        using var file = SafetensorsFile.Open(folder.File("collected.safetensors"));

        Assert.Equal("lpzero-inputs", file.Metadata["format"]);
        Assert.Equal("MFFFF,MMMOFFFF,MMMMOFF", file.Metadata["roles"]);
        Assert.Equal(InputProbe.All.Sum(kind => ours[kind].Sum(layer => layer.Length)), file.Tensors.Count);
        foreach (var kind in InputProbe.All)
        {
            var theirs = Read(file, kind, ours[kind]);
            Assert.All(
                ours[kind].SelectMany(layer => layer).Zip(theirs.SelectMany(layer => layer)), pair => AssertClose(pair.Item1, pair.Item2));
            AssertSameTerms(kind, ours[kind], theirs);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var largest = expected.abs().max().item<float>();
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5 * largest);
        Assert.InRange((expected - actual).norm().item<float>(), 0, 1e-4 * expected.norm().item<float>());
    }

    private static void AssertSameTerms(
        InputKind kind, ImmutableArray<ImmutableArray<Tensor>> ours, ImmutableArray<ImmutableArray<Tensor>> theirs)
    {
        // Float32 sums in another order differ by what their terms add up to, not by what is left where they cancel.
        ImmutableArray<Chain> chains = [.. Chain.All(1).Concat(Chain.All(2)).Where(IsWellConditioned)];
        ImmutableArray<Chain> sizes = [.. chains.Select(chain => new Chain([.. chain.Where(o => !IsMean(o)), UnaryOperation.Abs]))];
        var evaluator = new FusedEvaluator();
        var (expected, actual, scale) = (
            evaluator.Evaluate(kind, ours, chains), evaluator.Evaluate(kind, theirs, chains), evaluator.Evaluate(kind, ours, sizes));
        var wrong = new List<string>();
        for (var row = 0; row < chains.Length; row++)
        {
            var (left, right, size) = (Values(expected, row), Values(actual, row), Values(scale, row));
            for (var layer = 0; layer < left.Length; layer++)
            {
                var tolerance = (chains[row].Count == 1 ? 1e-4 : 5e-4) * size[layer];
                if (!left[layer].Equals(right[layer]) && !(Math.Abs(left[layer] - right[layer]) <= tolerance))
                {
                    wrong.Add(string.Create(
                        CultureInfo.InvariantCulture, $"{kind} {chains[row]} layer {layer}: {left[layer]:R}, {right[layer]:R}"));
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        static double[] Values(TermBlock block, int row) => block.LayerValues(row, Reduction.Mean, Reduction.Mean);
    }

    /// <summary>
    /// Not so are the inverse of what is nearly 0, what is made of a mean of both signs, and logarithms about an extreme of nearly 0.
    /// </summary>
    private static bool IsWellConditioned(Chain chain) =>
        chain.All(o => o is not (UnaryOperation.Disconnect or UnaryOperation.Normalize or UnaryOperation.Invert))
        && !chain.SkipLast(1).Any(IsMean)
        && (chain.Count == 1 || !chain.Contains(UnaryOperation.MinMax));

    private static bool IsMean(UnaryOperation operation) => operation is UnaryOperation.Mean or UnaryOperation.NormalizedSum;

    private static ImmutableArray<ImmutableArray<Tensor>> Read(
        SafetensorsFile file, InputKind kind, ImmutableArray<ImmutableArray<Tensor>> like) =>
    [
        .. like.Select((layer, index) => layer.Select((_, number) =>
        {
            var stored = file.Tensors[string.Create(CultureInfo.InvariantCulture, $"{kind}.{index}.{number}")];
            var values = new float[stored.Count];
            file.Read(stored, values);
            return tensor(values, [.. stored.Shape]);
        }).ToImmutableArray()),
    ];

    private void Write(INetwork network)
    {
        using var scope = NewDisposeScope();
        var tensors = new List<(string Name, Tensor Tensor)>
        {
            ("embedded", network.Embed()), ("signs", MiniBatch.Cotangent(Probe, Genotype.HiddenSize)),
        };
        for (var layer = 0; layer < network.Layers; layer++)
        {
            tensors.AddRange(network.Draw(layer).Select(weight =>
                (string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.{weight.Key}"), weight.Value)));
        }

        using (var data = File.Create(folder.File("tensors.f32")))
        {
            tensors.ForEach(t => data.Write(MemoryMarshal.AsBytes<float>(t.Tensor.data<float>().ToArray())));
        }

        folder.Write("network.json", JsonSerializer.Serialize(new
        {
            hidden = Genotype.HiddenSize,
            layers = Genotype.Layers.Select((layer, index) => new
            {
                operation = MixingOperations.Name(layer.Operation),
                heads = layer.Heads,
                widths = network.Parameters(index).Where(p => p.Name.StartsWith("feed_forward", StringComparison.Ordinal) && p.IsLinearMap)
                    .Select(p => p.Shape[0]),
            }),
            tensors = tensors.Select(t => new object[] { t.Name, t.Tensor.shape }),
        }));
    }
}
