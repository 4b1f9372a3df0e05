using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Seed.Export;

/// <summary>A predictor as a Python module that needs PyTorch alone; what describes a network comes as numbers by their names.</summary>
public static class PythonPredictorExport
{
    // Ranks are of networks that are scored together, so that is what the module scores, whatever the rule. Operations that proxies use
    // stand in the same module, so nothing of their names is called here: abs, above all.
    private const string Rules = """"
        def _values(part, networks):
            if part["kind"] == "group":
                return _scores(part["group"], networks)
            if part["kind"] == "proxy":
                proxy = _PROXIES[part["proxy"], part["elementReduction"], part["tensorReduction"]]
                return [proxy(network["inputs"]) for network in networks]
            return [float(network[part["kind"] + "s"][part["name"]]) for network in networks]


        def _standardised(part, networks):
            values = _values(part, networks)
            if part["transform"] == "log":
                values = [math.copysign(math.log(1 + math.fabs(value)), value) for value in values]
            return [(value - part["mean"]) / part["scale"] for value in values]


        def _key(part, value):
            # What is not a number ranks lowest, whatever the direction.
            return -math.inf if math.isnan(value) else -value if part["coefficient"] < 0 else value


        def _ranks(keys):
            # Centred: how many keys are smaller, minus how many are larger.
            return [float(sum(other < key for other in keys) - sum(other > key for other in keys)) for key in keys]


        def _scores(group, networks):
            parts = [(part, _standardised(part, networks)) for part in group["parts"]]
            if group["rule"] == "lexicographic":
                return _ranks([tuple(_key(part, values[i]) for part, values in parts) for i in range(len(networks))])
            if group["rule"] == "product":
                return [math.prod(part["coefficient"] * values[i] for part, values in parts) for i in range(len(networks))]
            if group["rule"] == "meanRank":
                weighted = [(math.fabs(part["coefficient"]), _ranks([_key(part, value) for value in values])) for part, values in parts]
            else:
                weighted = [(part["coefficient"], values) for part, values in parts]
            return [group["intercept"] + sum(weight * values[i] for weight, values in weighted) for i in range(len(networks))]
        """";

    /// <summary>
    /// The module's source. Of a predictor that is one proxy alone it is the proxy's module; of others it has <c>scores(networks)</c>.
    /// </summary>
    public static string Write(Predictor predictor)
    {
        if (predictor.Root.OnlyProxy is { } only)
        {
            return PythonExport.Write(FormulaOf(predictor, only), MakingOf(predictor));
        }

        ImmutableArray<(ProxyPart Part, ProxyFormula Formula)> proxies =
            [.. predictor.Proxies.Select(part => (part, FormulaOf(predictor, part)))];
        string[] definitions =
        [
            .. PythonExport.Operations(proxies.Select(proxy => proxy.Formula)),
            .. proxies.Select((proxy, i) => ProxyFunction(i + 1, proxy.Formula, MakingOf(predictor))),
            Tables(predictor, proxies),
            ScoresFunction(predictor, proxies.Length > 0),
            Rules,
        ];
        return $""""
            """Predictor {Literal(predictor.Name)}: {predictor}

            Made with LPZero.Cluster on the space {Literal(predictor.Space)}; digest {PredictorJson.DigestOf(predictor)}.{Probed(predictor)}
            """

            import math
            {(proxies.IsEmpty ? "" : "\nimport torch\n")}

            {string.Join("\n\n\n", definitions)}

            """";
    }

    private static ProxyFormula FormulaOf(Predictor predictor, ProxyPart part) => new(
        part.Proxy, part.Proxy.LayerReduction ?? LayerReduction.Sum, part.ElementReduction, part.TensorReduction,
        predictor.Probe!.Weights, predictor.Probe.Combine);

    private static string MakingOf(Predictor predictor) => InputMaking.Of(predictor.Space, predictor.Probe!);

    private static string Probed(Predictor predictor) => predictor.Probe is not { } probe ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"\nProbed there with {probe.BatchSize} sequences of {probe.SequenceLength} tokens, weights seed {probe.WeightsSeed}, batch seed " +
        $"{probe.BatchSeed}.");

    /// <summary>The proxy's functions in a scope of their own; calling the outer one gives its score function.</summary>
    private static string ProxyFunction(int number, ProxyFormula formula, string making) => string.Create(CultureInfo.InvariantCulture, $"""
        def _proxy_{number}():
            {string.Join("\n\n", PythonExport.Definitions(formula, making)).ReplaceLineEndings("\n    ")}

            return score
        """);

    private static string Tables(Predictor predictor, ImmutableArray<(ProxyPart Part, ProxyFormula Formula)> proxies)
    {
        // JSON without null, true and false is Python.
        var root = JsonSerializer.Serialize(predictor.Root, MessageJson.Indented);
        var functions = proxies.Select((proxy, i) => string.Create(CultureInfo.InvariantCulture,
            $"    ({Literal(proxy.Part.Proxy.ToString())}, {Name(proxy.Part.ElementReduction)}, {Name(proxy.Part.TensorReduction)}): " +
            $"_proxy_{i + 1}(),\n"));
        return $"PREDICTOR = {root}\n\n_PROXIES = {{\n{string.Concat(functions)}}}";
    }

    private static string ScoresFunction(Predictor predictor, bool hasProxies)
    {
        string[] needed =
        [
            .. hasProxies ? ["\"inputs\": what the score function of each proxy above takes"] : Array.Empty<string>(),
            .. Names<FeaturePart>("features", predictor, part => part.Name),
            .. Names<BaselinePart>("baselines", predictor, part => part.Name),
        ];
        return $""""
            def scores(networks):
                """The scores of networks that are ranked together; higher is better.

                networks is a list with a dictionary for each network:
                {string.Join(";\n    ", needed)}.
                """
                return _scores(PREDICTOR, networks)
            """";
    }

    private static IEnumerable<string> Names<T>(string member, Predictor predictor, Func<T, string> nameOf)
        where T : PredictorPart
    {
        string[] names = [.. predictor.Root.Leaves.OfType<T>().Select(nameOf).Distinct().Select(Literal)];
        return names.Length == 0 ? [] : [$"\"{member}\": a number by each of the names {string.Join(", ", names)}"];
    }

    private static string Name(Reduction reduction) => reduction == Reduction.Mean ? "\"mean\"" : "\"sum\"";

    // A JSON string without escapes beyond those of Python.
    private static string Literal(string text) => JsonSerializer.Serialize(text, MessageJson.Options);
}
