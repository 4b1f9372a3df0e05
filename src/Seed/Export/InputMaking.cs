using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Export;

/// <summary>How the inputs of networks come about, for somebody who makes them with PyTorch.</summary>
public static class InputMaking
{
    /// <summary>Lines of a docstring, of a search.</summary>
    /// <param name="benchmark">Whose networks are searched.</param>
    /// <param name="configuration">Says how they are probed.</param>
    public static string Of(Benchmark benchmark, SearchConfiguration configuration) =>
        Of(benchmark.Architectures[0].Genotype.Space, PredictorProbes.Of(configuration));

    /// <summary>Lines of a docstring.</summary>
    /// <param name="space">The name of the networks' space.</param>
    /// <param name="probe">How they are probed.</param>
    public static string Of(string space, PredictorProbe probe)
    {
        var family = SearchSpaces.Known.All.FirstOrDefault(known => known.Name == space)?.Family;
        ImmutableArray<string> lines = family == NetworkFamily.Recorded
            ? [
                "The networks were somebody's own, their inputs recorded in files: lpzero.collect of LPZero.Cluster's clients/python",
                "gives them as this function takes them. One forward and one backward pass on one mini-batch, the same for all",
                "networks, with the weights, the mode and the loss with which those files were made.",
            ]
            : [
                .. Network(space, probe),
                string.Create(CultureInfo.InvariantCulture,
                    $"Run one forward and one backward pass on one mini-batch of {probe.BatchSize} x {probe.SequenceLength} token ids,"),
                "drawn from a Zipf distribution of exponent 1 over the vocabulary, the same for all networks.",
                .. Loss(space, family, probe.Loss),
            ];
        return string.Join('\n', lines);
    }

    private static ImmutableArray<string> Network(string space, PredictorProbe probe)
    {
        var mode = probe.Mode == ProbeMode.Eval ? "eval mode" : string.Create(CultureInfo.InvariantCulture,
            $"train mode (a dropout of {SeededDropout.Probability})");
        return probe.Start == WeightStart.AsTrained
            ? [$"Build the network in {mode} with random weights as those with which training begins in the space '{space}'."]
            : [
                $"Build the network in {mode} with random weights: linear maps, convolutions and embeddings from",
                string.Create(CultureInfo.InvariantCulture,
                    $"normal(0, {RandomWeights.StandardDeviation}), biases 0, normalisations 1 and 0."),
            ];
    }

    private static ImmutableArray<string> Loss(string space, NetworkFamily? family, LossKind loss) => (family, loss) switch
    {
        (NetworkFamily.Decoder, _) =>
        [
            "The loss of the backward pass is that of a language model, the mean cross entropy of the next token:",
            "cross_entropy(logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten()).",
        ],
        (NetworkFamily.Encoder, LossKind.Signs) =>
        [
            "The loss of the backward pass is (output * R).sum(), where R is a fixed random tensor of +1 and -1 in the shape of the",
            "output, the hidden states behind the last layer.",
        ],
        (NetworkFamily.Encoder, LossKind.Sum) =>
            ["The loss of the backward pass is output.sum(), where the output is the hidden states behind the last layer."],
        (NetworkFamily.Encoder, LossKind.Masked) =>
        [
            "15 % of the tokens, the same for all networks, are replaced by the mask, the last id of the vocabulary. The loss of the",
            "backward pass is the mean cross entropy of what it hides, with logits from the hidden states behind the last layer by",
            "the table of the embedding, behind the transpose of the embedding's projection where it has one.",
        ],
        _ => [$"The loss of the backward pass is that of the space '{space}'."],
    };
}
