using System.Text.RegularExpressions;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>Each proxy's value is that of plain loops over what the passes show.</summary>
[Collection(LiveTensors.Name)]
public sealed partial class DesignedProxiesTests : IDisposable
{
    private readonly NetworkEvidence encoder = Evidence.Of(Evidence.Mixed);
    private readonly NetworkEvidence decoder = Evidence.OfDecoder();

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Fact]
    public void Ids_are_different_kebab_case_words_and_every_proxy_has_a_source()
    {
        Assert.Equal(DesignedProxies.All.Length, DesignedProxies.All.Select(proxy => proxy.Id).Distinct().Count());
        Assert.All(DesignedProxies.All, proxy =>
        {
            Assert.Matches(KebabCase(), proxy.Id);
            Assert.NotEmpty(proxy.Measures);
            Assert.NotEmpty(proxy.Source);
            Assert.Same(proxy, DesignedProxies.Find(proxy.Id));
        });
        Assert.Null(DesignedProxies.Find("no-such-proxy"));
    }

    [Fact]
    public void Every_proxy_has_a_value_or_a_reason_on_every_network_and_the_same_bits_each_time()
    {
        foreach (var make in (Func<NetworkEvidence>[])
            [() => Evidence.Of(Evidence.Mixed), Evidence.OfDecoder, () => Evidence.Of(Evidence.Transform)])
        {
            using var first = make();
            using var second = make();
            var scores = ProxyScoring.Of(first, DesignedProxies.All);
            Assert.All(scores, score => Assert.True((score.Value is null) != (score.Reason is null), score.ToString()));
            Assert.All(scores, score => Assert.True(score.Value is null || double.IsFinite(score.Value.Value)));
            var again = ProxyScoring.Of(second, [.. DesignedProxies.All.Reverse()]).Reverse();
            Assert.Equal(Said(scores), Said(again));
        }
    }

    private static IEnumerable<(string, double?, string?)> Said(IEnumerable<Messages.Terms.ProxyScore> scores) =>
        scores.Select(score => (score.Proxy, score.Value, score.Reason));

    [Fact]
    public void All_but_those_of_attention_are_defined_on_attention()
    {
        Assert.All(ProxyScoring.Of(encoder, DesignedProxies.All), score => Assert.Null(score.Reason));
        Assert.All(ProxyScoring.Of(decoder, DesignedProxies.All), score => Assert.Null(score.Reason));
        using var transform = Evidence.Of(Evidence.Transform);
        Assert.Equal("no layer has attention probabilities", Score(transform, "softmax-confidence").Reason);
    }

    [Fact]
    public void A_proxy_of_the_feed_forward_blocks_is_not_defined_where_W_holds_none_of_them()
    {
        using var mixing = Evidence.Of(Probing.Target(Evidence.Mixed.Network, weights: WeightSelection.Mixing));
        Assert.Contains("--weights all", Score(mixing, "synaptic-saliency").Reason, StringComparison.Ordinal);
        Assert.NotNull(Score(mixing, "head-importance").Value);
    }

    [Fact]
    public void On_a_network_that_is_not_finite_no_proxy_that_looks_at_it_has_a_score()
    {
        using var broken = new NetworkEvidence(new BrokenNetwork(encoder.Network), Evidence.Structure);
        Assert.All(
            ProxyScoring.Of(broken, DesignedProxies.All.Where(proxy => proxy.Needs != ProxyNeeds.Description)),
            score => Assert.True(score is { Value: null, Reason: "its value is not finite" }, score.ToString()));
    }

    [Fact]
    public void Counts_are_those_of_the_structure()
    {
        Check("parameters", 1545);
        Check("non-embedding-parameters", 540);
        Check("decoder-parameters", 500);
        Check("attention-parameters", 200);
        Check("feed-forward-parameters", 300);
        Check("flops", 1234);
        using var unknown = new NetworkEvidence(encoder.Network, Evidence.Structure with { Parameters = null, FlopsPerToken = null });
        Assert.NotNull(Score(unknown, "parameters").Reason);
        Assert.NotNull(Score(unknown, "flops").Reason);
        Assert.NotNull(Score(unknown, "w-pca").Reason);

        void Check(string id, double expected) => Assert.Equal(expected, Score(encoder, id).Value);
    }

    [Fact]
    public void Saliencies_are_sums_of_weights_times_gradients() => OnBoth(evidence =>
    {
        var all = evidence.Maps.Select(map => (map.Shape, Values: Products(map))).ToList();
        Near(evidence, "plain", all.Sum(map => map.Values.Sum()), 1e-4);
        Near(evidence, "snip", all.Sum(map => map.Values.Sum(Math.Abs)));
        var blocks = all.Where(map => map.Shape.Name.StartsWith("feed_forward", StringComparison.Ordinal)
            || map.Shape.Name.StartsWith("output.dense", StringComparison.Ordinal)).Select(map => map.Values.Sum(Math.Abs)).ToList();
        Near(evidence, "synaptic-saliency", blocks.Sum());
        Near(evidence, "synaptic-saliency-normalized", blocks.Average());
        var heads = all.Where(map => map.Shape.Name.StartsWith("mixing", StringComparison.Ordinal)
            || map.Shape.Name.StartsWith("attention", StringComparison.Ordinal)).Select(map => map.Values.Sum(Math.Abs)).ToList();
        Near(evidence, "head-importance", heads.Sum());
        Near(evidence, "head-importance-normalized", heads.Average());
        Near(evidence, "gradient-norm", evidence.Maps.Sum(map => Math.Sqrt(Evidence.Numbers(map.Gradient).Sum(g => g * g))));

        static List<double> Products(MapEvidence map) =>
            [.. Evidence.Numbers(map.Weight).Zip(Evidence.Numbers(map.Gradient), (weight, gradient) => weight * gradient)];
    });

    [Fact]
    public void Grasp_is_minus_the_product_with_the_hessian() => OnBoth(evidence =>
        Assert.Equal(-evidence.WeightsHessianGradient, Score(evidence, "grasp").Value));

    [Fact]
    public void Flows_are_sums_over_the_absolute_weights() => OnBoth(evidence =>
    {
        var pairs = new List<(double First, double Second)>();
        evidence.FlowThroughAbsoluteWeights(map => pairs.AddRange(Evidence.Numbers(map.Weight).Zip(Evidence.Numbers(map.Gradient))));
        Near(evidence, "synflow", pairs.Sum(pair => Math.Abs(pair.First * pair.Second)));
        Near(evidence, "logsynflow", pairs.Sum(pair => pair.First * Math.Log(Math.Abs(pair.Second) + 1)));
    });

    [Fact]
    public void Nuclear_norms_are_sums_of_singular_values() => OnBoth(evidence =>
    {
        var matrices = evidence.Maps.Where(map => map.Shape.Kind == ParameterKind.Linear).ToList();
        var attention = matrices.Where(map => !map.Shape.IsFeedForward).ToList();
        var products = attention.Select(map => Nuclear(map.Weight) * Nuclear(map.Gradient)).ToList();
        Near(evidence, "synaptic-diversity", products.Sum());
        Near(evidence, "synaptic-diversity-normalized", products.Average());
        Near(evidence, "zerolm-attention", attention.Sum(map => Nuclear(map.Weight)));
        Near(evidence, "zerolm-feed-forward", matrices.Where(map => map.Shape.IsFeedForward).Sum(map => Nuclear(map.Weight)));
        Near(evidence, "zerolm", matrices.Sum(map => Nuclear(map.Weight)) / 2);

        static double Nuclear(Tensor matrix) => Evidence.SingularValues(matrix).Sum();
    });

    [Fact]
    public void The_distance_of_activations_counts_units_that_agree_on_pairs_of_tokens() => OnBoth(evidence =>
    {
        var sums = evidence.Layers.SelectMany(layer => layer.Activations).Select(activation =>
        {
            var tokens = Evidence.Rows(activation);
            return Enumerable.Range(0, 3).Average(b => Pairs(tokens[(10 * b)..((10 * b) + 10)]));
        }).ToList();
        Near(evidence, "activation-distance", sums.Sum());
        Near(evidence, "activation-distance-normalized", sums.Average());

        static double Pairs(double[][] tokens) =>
            tokens.Sum(one => tokens.Sum(other => (double)one.Zip(other).Count(units => units.First > 0 == units.Second > 0)));
    });

    [Fact]
    public void Nwot_is_the_logarithm_of_the_determinant_of_the_sequences_agreement() => OnBoth(evidence =>
    {
        var kernel = new double[3, 3];
        foreach (var activation in evidence.Layers.SelectMany(layer => layer.Activations))
        {
            var sequences = Evidence.Numbers(activation).Chunk((int)(activation.numel() / 3)).ToList();
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++)
                {
                    kernel[i, j] += sequences[i].Zip(sequences[j]).Count(units => units.First > 0 == units.Second > 0);
                }
            }
        }

        var (k, determinant) = (kernel, 0.0);
        for (var i = 0; i < 3; i++)
        {
            determinant += (k[0, i] * k[1, (i + 1) % 3] * k[2, (i + 2) % 3]) - (k[0, (i + 2) % 3] * k[1, (i + 1) % 3] * k[2, i]);
        }

        Near(evidence, "nwot", Math.Log(Math.Abs(determinant)));
    });

    [Fact]
    public void Confidences_are_means_of_maxima() => OnBoth(evidence =>
    {
        var outputs = evidence.Layers.SelectMany(layer => layer.Pass.Mixing.Projections).Select(output =>
        {
            var (rows, width) = (Evidence.Rows(output), (int)output.shape[2]);
            return Enumerable.Range(0, 3).Average(b => Enumerable.Range(0, width)
                .Average(unit => Enumerable.Range(0, 10).Max(t => rows[(10 * b) + t][unit])));
        }).ToList();
        Near(evidence, "attention-confidence", outputs.Sum());
        Near(evidence, "attention-confidence-normalized", outputs.Average());
        var layers = evidence.Layers.Where(layer => layer.Pass.Mixing.HasProbabilities)
            .Select(layer => Evidence.Rows(layer.Pass.Mixing.Softmax).Average(keys => keys.Max())).ToList();
        Near(evidence, "softmax-confidence", layers.Sum());
        Near(evidence, "softmax-confidence-normalized", layers.Average());
    });

    [Fact]
    public void Fisher_is_the_mean_square_of_what_each_unit_does_to_the_loss() => OnBoth(evidence =>
        Near(evidence, "fisher", evidence.Layers.Sum(layer => layer.Activations.Zip(layer.Pass.ActivationGradients).Sum(pair =>
        {
            var (values, gradients) = (Evidence.Rows(pair.First), Evidence.Rows(pair.Second));
            return Enumerable.Range(0, values[0].Length).Sum(unit => Enumerable.Range(0, 3).Sum(b =>
                Math.Pow(Enumerable.Range(10 * b, 10).Sum(token => values[token][unit] * gradients[token][unit]), 2)) / 6);
        }))));

    [Fact]
    public void The_jacobians_cosines_and_correlations_are_between_units() => OnBoth(evidence =>
    {
        var rows = Evidence.Rows(evidence.Layers[0].InputGradient);
        var units = Enumerable.Range(0, 16).Select(unit =>
            Enumerable.Range(0, 10).Select(t => Enumerable.Range(0, 3).Sum(b => rows[(10 * b) + t][unit])).ToArray()).ToList();
        var sum = units.Index().Sum(one => units.Index().Sum(other =>
            one.Index == other.Index ? 0 : Math.Pow(Math.Abs(Cosine(one.Item, other.Item)), 1.0 / 20)));

        Near(evidence, "jacobian-cosine", 1 - (sum / 2 / 240), 1e-9);

        var centred = units.Select(unit => unit.Select(x => x - unit.Average()).ToArray()).ToList();
        using var scope = NewDisposeScope();
        var correlations = tensor(centred.SelectMany(one => centred.Select(other => Cosine(one, other))).ToArray()).reshape(16, 16);

        // Eigenvalues of a matrix without negative ones are its singular values.
        Near(evidence, "jacobian-covariance", -Evidence.SingularValues(correlations).Sum(v => Math.Log(v + 1e-5) + (1 / (v + 1e-5))), 1e-4);

        static double Cosine(double[] one, double[] other) =>
            one.Zip(other, (x, y) => x * y).Sum() / Math.Sqrt(one.Sum(x => x * x) * other.Sum(x => x * x));
    });

    [Fact]
    public void ZenNas_is_the_logarithm_of_the_mean_distance() => OnBoth(evidence =>
    {
        var (moved, output) = (Evidence.Numbers(evidence.PerturbedOutput), Evidence.Numbers(evidence.Layers[^1].Pass.Output));
        var squares = moved.Zip(output, (x, y) => (x - y) * (x - y)).Chunk(160);
        Near(evidence, "zennas", Math.Log(squares.Average(sequence => Math.Sqrt(sequence.Sum()))));
    });

    [Fact]
    public void Ranks_follow_from_singular_values() => OnBoth(evidence =>
    {
        Near(evidence, "effective-rank", evidence.Layers.Sum(layer =>
        {
            var values = Evidence.SingularValues(layer.Pass.Output.reshape(30, 16));
            return Math.Exp(-values.Select(value => value / values.Sum()).Where(share => share > 0).Sum(share => share * Math.Log(share)));
        }), 1e-5);
        Near(evidence, "w-pca", 1545 * evidence.Layers.SelectMany(layer => layer.Activations).Sum(activation =>
        {
            var tokens = Evidence.Rows(activation.reshape(30, -1));
            var centred = tokens.SelectMany(token => token.Select((x, unit) => x - tokens.Average(other => other[unit]))).ToArray();
            using var matrix = tensor(centred).reshape(30, -1);
            var variances = Evidence.SingularValues(matrix).Select(value => value * value).OrderDescending().ToList();
            var (explained, count) = (0.0, 0);
            while (explained < 0.99 * variances.Sum())
            {
                explained += variances[count++];
            }

            return count;
        }));
    });

    [Fact]
    public void EzNas_counts_matrices_whose_gradients_signs_have_independent_rows() => OnBoth(evidence =>
    {
        // Rows whose signs depend on each other have a singular value of 0, of which rounding leaves little.
        var counts = evidence.Maps.Where(map => map.Shape.Kind == ParameterKind.Linear).Select(map =>
        {
            using var signs = map.Gradient.sign();
            return map.Shape.Shape[0] > map.Shape.Shape[1]
                ? 0
                : 1 / (1 + Math.Exp(-2 * Evidence.SingularValues(signs).Sum(value => Math.Log(Math.Max(value, 1e-12)))));
        }).ToList();
        Assert.Equal(counts.Sum(), Score(evidence, "eznas").Value!.Value, 0.01);
        Assert.Contains(counts, count => count > 0.99);
        Assert.Contains(counts, count => count < 0.01);
    });

    private static void Near(NetworkEvidence evidence, string id, double expected, double tolerance = 1e-5)
    {
        var actual = Score(evidence, id).Value ?? throw new InvalidOperationException(Score(evidence, id).Reason);
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{id}: {actual} instead of {expected}");
    }

    private static Messages.Terms.ProxyScore Score(NetworkEvidence evidence, string id) =>
        ProxyScoring.Of(evidence, [DesignedProxies.Find(id)!])[0];

    private void OnBoth(Action<NetworkEvidence> check)
    {
        check(encoder);
        check(decoder);
    }

    [GeneratedRegex("^[a-z]+(?:-[a-z]+)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KebabCase();
}
