using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Export;

/// <summary>A proxy as a Python module that needs PyTorch alone and gives the same scores as this program.</summary>
public static class PythonExport
{
    /// <summary>The module's source.</summary>
    /// <param name="formula">The proxy.</param>
    /// <param name="making">How its inputs come about, as <see cref="InputMaking"/> says it.</param>
    /// <exception cref="InvalidOperationException">Both branches are disconnected.</exception>
    public static string Write(ProxyFormula formula, string making)
    {
        var operations = Operations([formula]);
        string[] definitions = [.. operations, .. Definitions(formula, making)];
        var imports = operations.Any(operation => operation.Contains("math.", StringComparison.Ordinal))
            ? "import math\n\nimport torch"
            : "import torch";
        var reductions = $"Layer reduction {OperationNames.Name(formula.LayerReduction)}, " +
            $"element reduction {Name(formula.ElementReduction)}, tensor reduction {Name(formula.TensorReduction)}.";
        return $""""
            """Zero-cost proxy {formula.Proxy}

            Found with LPZero.Cluster. Ranks untrained networks; a higher score promises a better network after training.
            {reductions}
            """

            {imports}


            {string.Join("\n\n\n", definitions)}

            """";
    }

    /// <summary>The unary operations that proxies use, each once, as functions.</summary>
    internal static ImmutableArray<string> Operations(IEnumerable<ProxyFormula> formulas) =>
    [
        .. formulas.SelectMany(formula => formula.LiveBranches).SelectMany(branch => branch.Chain).Distinct().Order()
            .Select(PythonOperations.Source),
    ];

    /// <summary>The functions of a proxy; the last is <c>score</c>, and all of them call the operations and each other alone.</summary>
    internal static ImmutableArray<string> Definitions(ProxyFormula formula, string making)
    {
        var branches = formula.LiveBranches;
        var inputs = branches.Select(branch => branch.Input).Distinct().Order().ToArray();
        return
        [
            $"""
            def _number(x):
                # Sums are taken in double precision.
                return x.sum(dtype=torch.float64).item(){(formula.ElementReduction == Reduction.Mean ? " / x.numel()" : "")}
            """,
            .. formula.IsProductOfTensors
                ? [ProductFunction(branches)]
                : branches.Select((branch, index) => BranchFunction(index, branch)),
            ScoreFunction(formula, branches, inputs, making),
        ];
    }

    private static string Name(Reduction reduction) => reduction == Reduction.Mean ? "mean" : "sum";

    private static string BranchFunction(int index, Branch branch) => $"""
        def _branch_{index + 1}(x):
            # {branch}
            return _number({Applied(branch, "x")})
        """;

    private static string ProductFunction(IReadOnlyList<Branch> branches) => $"""
        def _product(x, y):
            # {branches[0]} times {branches[1]}, element by element
            return _number(({Applied(branches[0], "x")}) * ({Applied(branches[1], "y")}))
        """;

    private static string Applied(Branch branch, string to) =>
        branch.Chain.Aggregate(to, (argument, operation) => $"{OperationNames.Name(operation)}({argument})");

    private static string ScoreFunction(ProxyFormula formula, IReadOnlyList<Branch> branches, InputKind[] inputs, string making)
    {
        var documentation = string.Join("\n", inputs.Select(input => "    " + Meaning(input, formula.Weights)));
        var body = new StringBuilder();
        if (formula.IsProductOfTensors)
        {
            body.Append(CultureInfo.InvariantCulture,
                $"        a = [_product(x.detach().to(torch.float32), y.detach().to(torch.float32)) for x, y in " +
                $"zip(inputs[\"{branches[0].Input}\"][layer], inputs[\"{branches[1].Input}\"][layer])]\n");
            branches = [branches[0]];
        }
        else
        {
            AppendBranches(body, branches);
        }

        var values = branches.Select((_, index) =>
            formula.TensorReduction == Reduction.Mean ? $"sum({"ab"[index]}) / len({"ab"[index]})" : $"sum({"ab"[index]})").ToArray();
        var sign = formula.Proxy.Operation switch
        {
            BinaryOperation.Sum => "+",
            BinaryOperation.Difference => "-",
            BinaryOperation.Product or BinaryOperation.Matmul => "*",
            _ => throw new ArgumentOutOfRangeException(nameof(formula), formula.Proxy.Operation, null),
        };
        var combined = values.Length == 1 ? values[0] : $"({values[0]}) {sign} ({values[1]})";
        var reduced = formula.LayerReduction switch
        {
            LayerReduction.Sum => "sum(numbers)",
            LayerReduction.Mean => "sum(numbers) / len(numbers)",
            LayerReduction.AllButLast => "sum(numbers[:-1])",
            LayerReduction.Last => "numbers[-1]",
            _ => throw new ArgumentOutOfRangeException(nameof(formula), formula.LayerReduction, null),
        };
        return $""""
            def score(inputs):
                """The proxy's score of one network; higher is better.

                inputs maps a letter to a list over the layers, first to last, of lists of tensors:

            {documentation}

            {Indented(making)}
                """
                numbers = []
                for layer in range(len(inputs["{inputs[0]}"])):
            {body}        numbers.append({combined})
                return float({reduced})
            """";
    }

    private static string Indented(string lines) => "    " + lines.Replace("\n", "\n    ", StringComparison.Ordinal);

    private static void AppendBranches(StringBuilder body, IReadOnlyList<Branch> branches)
    {
        foreach (var (index, branch) in branches.Index())
        {
            body.Append(CultureInfo.InvariantCulture,
                $"        {"ab"[index]} = [_branch_{index + 1}(x.detach().to(torch.float32)) for x in " +
                $"inputs[\"{branch.Input}\"][layer]]\n");
        }
    }

    private static string Meaning(InputKind input, WeightSelection weights)
    {
        var held = weights == WeightSelection.All
            ? "each linear map of the layer, convolutions included"
            : "each linear map (2-dimensional weight) of the operation that mixes tokens";
        return input switch
        {
            InputKind.A => "A: the output of each feed-forward activation function of the layer.",
            InputKind.J => "J: the gradient of the loss with respect to the layer's input hidden states.",
            InputKind.G => $"G: the gradient of the loss with respect to the weight of\n       {held}.",
            InputKind.H => "H: the output of the query projection; of a linear transform that of its input projection.",
            InputKind.W => $"W: the weight of\n       {held}.",
            InputKind.S =>
                "S: the attention probabilities; of a linear transform the softmax over the last axis of its\n       output, " +
                    "split into heads.",
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, null),
        };
    }
}
