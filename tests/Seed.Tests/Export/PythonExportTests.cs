using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Chains;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Export;
using static TorchSharp.torch;

namespace LPZero.Seed.Tests.Export;

public class PythonExportTests
{
    private static readonly ITermEvaluator Evaluator = new OpByOpEvaluator(1L << 28);

    [PythonFact]
    public void Python_scores_random_tensors_as_this_program_does_for_every_operation_and_reduction()
    {
        using var scope = NewDisposeScope();
        Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> ordinary = Memoised(kind => Layers(3, kind, special: false));
        Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> special = Memoised(kind => Layers(2, kind, special: true));
        AssertAgree([.. EveryOperation()], [ordinary, special]);
    }

    [PythonFact]
    public void Python_scores_the_inputs_of_real_networks_as_this_program_does()
    {
        using var scope = NewDisposeScope();
        var probe = new ProbeSettings(2, 8, WeightsSeed: 3, BatchSeed: 3, WeightSelection.All, new EmbeddingSizes(50, 16, 8));
        FlexiBertGenotype[] genotypes =
        [
            new(16, [new(MixingOperation.WeightedMultiplicative, 2, 16, 3), new(MixingOperation.Cosine, 2, 16, 1),
                new(MixingOperation.ScaledDotProduct, 4, 16, 1)]),
            new(24, [new(MixingOperation.Convolution5, 2, 16, 1), new(MixingOperation.Fourier, 2, 16, 3)]),
        ];
        using var first = InputProbe.Run(Network.Of(new ProbedNetwork(genotypes[0], probe), CPU), InputProbe.All);
        using var second = InputProbe.Run(Network.Of(new ProbedNetwork(genotypes[1], probe), CPU), InputProbe.All);
        AssertAgree([.. EveryOperation()], [kind => first[kind], kind => second[kind]]);
    }

    [Fact]
    public void A_module_defines_the_operations_that_it_uses_and_no_others()
    {
        var source = Written(Formula("square(abs_log(H)) * exp(W)"));
        Assert.Equal(["abs_log", "square", "exp", "_number", "_branch_1", "_branch_2", "score"], Defined(source));
    }

    [Fact]
    public void Log_adds_1e_9_as_published_and_abs_log_does_not()
    {
        var source = Written(Formula("exp(J) - log(G)"));
        Assert.Contains("(x + 1e-9).log()", source, StringComparison.Ordinal);
        Assert.DoesNotContain("1e-9", Written(Formula("exp(J) - abs_log(G)")), StringComparison.Ordinal);
        Assert.Contains(@"\log \left( G_\ell + 10^{-9} \right)", LatexExport.Formula(Formula("exp(J) - log(G)")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_product_of_tensors_is_taken_element_by_element_and_one_with_a_number_is_not()
    {
        var product = Written(Formula("abs(W) * square(G)") with { Combine = Combination.Tensors });
        Assert.Equal(["abs", "square", "_number", "_product", "score"], Defined(product));
        Assert.Contains("return _number((abs(x)) * (square(y)))", product, StringComparison.Ordinal);
        Assert.Contains("zip(inputs[\"W\"][layer], inputs[\"G\"][layer])", product, StringComparison.Ordinal);
        Assert.Contains(
            @"\overline{\left| W_\ell \right| \odot \left( G_\ell \right)^{2}}",
            LatexExport.Formula(Formula("abs(W) * square(G)") with { Combine = Combination.Tensors }), StringComparison.Ordinal);
        foreach (var other in (string[])["mean(W) * G", "W + G", "A * W"])
        {
            Assert.Equal(Written(Formula(other)), Written(Formula(other) with { Combine = Combination.Tensors }));
        }
    }

    [Fact]
    public void A_docstring_explains_the_inputs_that_are_used_and_no_others()
    {
        var source = Written(Formula("exp(J) - log(G)"));
        Assert.Contains("J: the gradient of the loss with respect to the layer's input hidden states.", source, StringComparison.Ordinal);
        Assert.Contains("    G: ", source, StringComparison.Ordinal);
        Assert.DoesNotContain("    A: ", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_docstring_says_how_the_inputs_come_about() => Assert.Contains(
        "\n\n    Made somehow.\n    In two lines.\n    \"\"\"\n", PythonExport.Write(Formula("exp(J)"), "Made somehow.\nIn two lines."),
        StringComparison.Ordinal);

    [Fact]
    public void A_module_speaks_of_no_space_for_proxies_are_of_all() => Assert.DoesNotMatch(
        "(?i)flexibert|encoder", Written(Formula("square(abs_log(H)) * exp(W)")));

    [Fact]
    public void A_proxy_of_disconnected_branches_has_no_module() =>
        Assert.Throws<InvalidOperationException>(() => Written(Formula("disconnect(H) + disconnect(A)")));

    private static IEnumerable<string> Defined(string source) => source.Split('\n')
        .Where(line => line.StartsWith("def ", StringComparison.Ordinal))
        .Select(line => line[4..line.IndexOf('(', StringComparison.Ordinal)]);

    private static string Written(ProxyFormula formula) => PythonExport.Write(formula, "Made somehow.");

    private static ProxyFormula Formula(string text) =>
        new(ProxyText.ParseProxy(text), LayerReduction.Sum, Reduction.Mean, Reduction.Mean, WeightSelection.All);

    // Every operation first and second in a chain, on every input, with every binary operation and reduction.
    private static IEnumerable<ProxyFormula> EveryOperation()
    {
        var operations = Enum.GetValues<UnaryOperation>().Where(o => o != UnaryOperation.Disconnect).ToArray();
        for (var i = 0; i < operations.Length; i++)
        {
            UnaryOperation Next(int step) => operations[(i + step) % operations.Length];
            var left = new Branch((InputKind)(i % 6), Chain.Of(operations[i], Next(7)));
            var right = new Branch(
                (InputKind)(((i * 5) + 1) % 6), i % 7 == 6 ? Chain.Of(UnaryOperation.Disconnect) : Chain.Of(Next(11), operations[i]));
            yield return new ProxyFormula(
                new Proxy(left, (BinaryOperation)(i % 4), right, i % 3 == 0 ? (LayerReduction)(i % 4) : null),
                (LayerReduction)((i + 1) % 4), (Reduction)(i % 2), (Reduction)(i / 2 % 2), WeightSelection.All);
        }

        foreach (var product in (string[])["abs(W) * abs(G)", "softmax(H) @ normalize(square(H))"])
        {
            yield return new ProxyFormula(
                ProxyText.ParseProxy(product), LayerReduction.Sum, Reduction.Sum, Reduction.Mean, WeightSelection.All, Combination.Tensors);
        }

        yield return new ProxyFormula(
            ProxyText.ParseProxy("disconnect(H) - exp(W)"), LayerReduction.Mean, Reduction.Sum, Reduction.Sum, WeightSelection.Mixing);
    }

    private static void AssertAgree(
        IReadOnlyList<ProxyFormula> proxies, IReadOnlyList<Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>>> networks)
    {
        var scores = PythonScores.Run(proxies, networks);
        Assert.Equal(proxies.Count, scores.Length);
        foreach (var (proxy, row) in proxies.Zip(scores))
        {
            foreach (var (index, network) in networks.Index())
            {
                var expected = Score(proxy, network);
                var agrees = expected.Equals(row[index]) || Math.Abs(expected - row[index]) <= 1e-5 * Math.Abs(expected);
                Assert.True(
                    agrees, string.Create(CultureInfo.InvariantCulture,
                        $"{proxy} on network {index}: {expected:R} here, {row[index]:R} in Python"));
            }
        }

        Assert.Contains(scores, row => row.All(double.IsFinite));
    }

    private static double Score(ProxyFormula formula, Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> inputs)
    {
        double[][] branches = formula.IsProductOfTensors
            ? [Products(formula, inputs)]
            : [.. formula.LiveBranches.Select(branch =>
                Evaluator.Evaluate(branch.Input, inputs(branch.Input), [branch.Chain])
                    .LayerValues(0, formula.ElementReduction, formula.TensorReduction))];
        double[] layers = branches.Length == 1
            ? branches[0]
            : [.. branches[0].Zip(branches[1], (a, b) => BinaryOperations.Apply(formula.Proxy.Operation, a, b))];
        return formula.LayerReduction switch
        {
            LayerReduction.Sum => layers.Sum(),
            LayerReduction.Mean => layers.Sum() / layers.Length,
            LayerReduction.AllButLast => layers[..^1].Sum(),
            _ => layers[^1],
        };
    }

    /// <summary>Of the sum of elements and the mean of tensors.</summary>
    private static double[] Products(ProxyFormula formula, Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> inputs)
    {
        Assert.Equal((Reduction.Sum, Reduction.Mean), (formula.ElementReduction, formula.TensorReduction));
        var (left, right) = (formula.LiveBranches[0], formula.LiveBranches[1]);
        return
        [
            .. inputs(left.Input).Zip(inputs(right.Input), (one, other) => one.Zip(other, (x, y) =>
            {
                using var scope = NewDisposeScope();
                return (Applied(left.Chain, x) * Applied(right.Chain, y)).sum(ScalarType.Float64).item<double>();
            }).Average()),
        ];

        static Tensor Applied(Chain chain, Tensor tensor) =>
            chain.Aggregate(tensor, (x, operation) => OpByOpOperations.Apply(operation, x));
    }

    private static Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> Memoised(
        Func<InputKind, ImmutableArray<ImmutableArray<Tensor>>> make)
    {
        var made = Enum.GetValues<InputKind>().ToDictionary(kind => kind, make);
        return kind => made[kind];
    }

    private static ImmutableArray<ImmutableArray<Tensor>> Layers(int count, InputKind kind, bool special) =>
        [.. Enumerable.Range(0, count).Select(layer => Enumerable.Range(0, 1 + (layer % 2)).Select(i =>
        {
            var values = new float[30];
            new CounterRandom(9, string.Create(CultureInfo.InvariantCulture, $"{kind} {layer} {i} {special}")).FillNormal(values, 1.5f);
            if (special)
            {
                (values[3], values[4], values[5]) = (0, -0f, 1e-12f);
                values[6] = i == 1 ? float.NaN : values[6];
                values[7] = kind == InputKind.S ? float.PositiveInfinity : values[7];
            }

            return tensor(values, [3, 2, 5]);
        }).ToImmutableArray())];
}
