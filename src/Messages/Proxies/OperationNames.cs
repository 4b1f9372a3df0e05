using System.Collections.Frozen;

namespace LPZero.Messages.Proxies;

/// <summary>The names of operations and reductions in expressions, JSON and tables.</summary>
public static class OperationNames
{
    private static readonly string[] UnaryNames =
    [
        "log", "abs_log", "abs", "square", "exp", "normalize", "relu", "invert", "frobenius_norm",
        "normalized_sum", "l1_norm", "softmax", "sigmoid", "log_softmax", "sqrt", "negate", "min_max",
        "mean", "std", "no_op", "disconnect",
    ];

    private static readonly FrozenDictionary<string, UnaryOperation> UnaryByName =
        UnaryNames.Select((name, index) => (name, (UnaryOperation)index)).ToFrozenDictionary(p => p.name, p => p.Item2);

    private static readonly FrozenDictionary<string, LayerReduction> ReductionByName =
        Enum.GetValues<LayerReduction>().ToFrozenDictionary(Name, r => r);

    /// <summary>Every unary operation's name, in the published order.</summary>
    public static IReadOnlyList<string> Unary => UnaryNames;

    /// <summary>The operation's name, such as <c>abs_log</c>.</summary>
    public static string Name(UnaryOperation operation) => UnaryNames[(int)operation];

    /// <summary>The operation's sign: <c>+</c>, <c>-</c>, <c>*</c> or <c>@</c>.</summary>
    public static char Sign(BinaryOperation operation) => "+-*@"[(int)operation];

    /// <summary>The reduction's name: <c>sum</c>, <c>mean</c>, <c>all_but_last</c> or <c>last</c>.</summary>
    public static string Name(LayerReduction reduction) => reduction switch
    {
        LayerReduction.Sum => "sum",
        LayerReduction.Mean => "mean",
        LayerReduction.AllButLast => "all_but_last",
        LayerReduction.Last => "last",
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, null),
    };

    /// <summary>The operation of that name, if there is one.</summary>
    public static bool TryUnary(string name, out UnaryOperation operation) => UnaryByName.TryGetValue(name, out operation);

    /// <summary>The layer reduction of that name, if there is one.</summary>
    public static bool TryLayerReduction(string name, out LayerReduction reduction) => ReductionByName.TryGetValue(name, out reduction);
}
