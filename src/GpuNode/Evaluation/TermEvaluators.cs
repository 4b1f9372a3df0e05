namespace LPZero.GpuNode.Evaluation;

/// <summary>The term evaluators by name.</summary>
public static class TermEvaluators
{
    private const string Fused = "fused";
    private const string OpByOp = "op-by-op";

    /// <summary>The one that works on any device; the others need the elements in main memory.</summary>
    public const string OnAnyDevice = OpByOp;

    /// <summary>Every name, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Fused, OpByOp];

    /// <summary>Makes evaluators of that name, one for each thread.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="memoryBudget">Bytes that the intermediate results of one evaluator may take.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Func<ITermEvaluator> Factory(string name, long memoryBudget) => name switch
    {
        Fused => static () => new FusedEvaluator(),
        OpByOp => () => new OpByOpEvaluator(memoryBudget),
        _ => throw new ArgumentException($"unknown evaluator '{name}'", nameof(name)),
    };
}
