namespace LPZero.GpuNode.Evaluation;

/// <summary>The term evaluators by name.</summary>
public static class TermEvaluators
{
    /// <summary>One pass over a tensor for all chains; for tensors in main memory.</summary>
    public const string Fused = "fused";

    /// <summary>One library call after another, tensor by tensor.</summary>
    public const string OpByOp = "op-by-op";

    /// <summary>One library call after another, for all tensors of an input at once.</summary>
    public const string Segmented = "segmented";

    /// <summary>What computes terms on the CPU unless another is chosen.</summary>
    public const string DefaultOnCpu = Fused;

    /// <summary>What computes terms on a CUDA device unless another is chosen.</summary>
    public const string DefaultOnCuda = Segmented;

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> Names { get; } = [Fused, OpByOp, Segmented];

    /// <summary>The names of those that compute on a CUDA device too.</summary>
    public static IReadOnlyList<string> NamesOnCuda { get; } = [Segmented, OpByOp];

    /// <summary>Makes evaluators of that name, one for each thread.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="memoryBudget">Bytes that the intermediate results of one evaluator may take.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Func<ITermEvaluator> Factory(string name, long memoryBudget) => name switch
    {
        Fused => static () => new FusedEvaluator(),
        OpByOp => () => new OpByOpEvaluator(memoryBudget),
        Segmented => () => new SegmentedEvaluator(memoryBudget),
        _ => throw new ArgumentException($"unknown evaluator '{name}'", nameof(name)),
    };
}
