using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// How the mean of a node's result is found. It depends on the operation alone, so that a chain's bits do not depend on the other chains.
/// </summary>
internal enum MeanSource
{
    /// <summary>From its moments: the tensor itself.</summary>
    Moments,

    /// <summary>From the sum of its elements, which are computed tile by tile.</summary>
    Sum,

    /// <summary>From the statistics of its parent.</summary>
    ClosedForm,

    /// <summary>It is a number: from its parent's statistics, or from its parent's number.</summary>
    Scalar,
}

/// <summary>
/// One operation of one or more chains, applied to the result of its parent. The root is the tensor itself. Chains with a common
/// beginning share its nodes.
/// </summary>
internal sealed class PlanNode(int index, UnaryOperation operation, PlanNode? parent)
{
    private readonly List<PlanNode> children = [];
    private readonly PlanNode?[] wanted = new PlanNode?[Enum.GetValues<UnaryOperation>().Length];

    /// <summary>Position among the plan's nodes; a parent comes before its children.</summary>
    public int Index { get; } = index;

    /// <summary>The operation; no_op for the root.</summary>
    public UnaryOperation Operation { get; } = operation;

    /// <summary>What the operation is applied to; none for the root.</summary>
    public PlanNode? Parent { get; } = parent;

    /// <summary>The number of operations from the root, which is also the tile buffer that holds its elements.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>What follows.</summary>
    public IReadOnlyList<PlanNode> Children => children;

    /// <summary>How its mean is found.</summary>
    public MeanSource Source { get; } =
        parent is null ? MeanSource.Moments
        : parent.Source == MeanSource.Scalar || UnaryOperations.MakesNumber(operation) ? MeanSource.Scalar
        : IsSum(operation) ? MeanSource.Sum
        : MeanSource.ClosedForm;

    /// <summary>True where its elements are computed tile by tile, because something follows.</summary>
    public bool HasElements => Source != MeanSource.Scalar && (Parent is null || children.Count > 0);

    /// <summary>The pass over the tensor in which its elements can be computed, or would be; of a number its tensor's.</summary>
    public int Stage { get; } = parent is null
        ? 0
        : parent.Stage + (UsesStatistics(operation) && parent.Source != MeanSource.Scalar ? 1 : 0);

    /// <summary>True where a chain ends here.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>True where its statistics are needed for itself or for something that follows.</summary>
    public bool NeedsMoments { get; private set; }

    /// <summary>Where the statistics of its columns are kept, for a softmax of it; or -1.</summary>
    public int ColumnStatisticsSlot { get; set; } = -1;

    /// <summary>Where the sums of exponentials of its columns are kept, for the mean of its log_softmax; or -1.</summary>
    public int ColumnSumsSlot { get; set; } = -1;

    /// <summary>True for an operation that works along dimension 0 of a tensor.</summary>
    public bool IsByColumn => Source != MeanSource.Scalar && Operation is UnaryOperation.Softmax or UnaryOperation.LogSoftmax;

    /// <summary>The child with that operation, if its mean is wanted.</summary>
    public PlanNode? Wanted(UnaryOperation following) => wanted[(int)following];

    /// <summary>The child with that operation, made where missing.</summary>
    public PlanNode Following(UnaryOperation following, List<PlanNode> nodes)
    {
        foreach (var child in children)
        {
            if (child.Operation == following)
            {
                return child;
            }
        }

        var made = new PlanNode(nodes.Count, following, this);
        children.Add(made);
        nodes.Add(made);
        if (made.Source == MeanSource.Scalar || UsesStatistics(following))
        {
            NeedsMoments = true;
        }

        return made;
    }

    /// <summary>Lets a chain end here.</summary>
    public void Want()
    {
        IsWanted = true;
        if (Parent is null)
        {
            NeedsMoments = true;
            return;
        }

        Parent.wanted[(int)Operation] = this;
        if (Source == MeanSource.ClosedForm)
        {
            Parent.NeedsMoments = true;
        }
    }

    private static bool UsesStatistics(UnaryOperation operation) => operation is UnaryOperation.Normalize or UnaryOperation.MinMax;

    private static bool IsSum(UnaryOperation operation) => operation is UnaryOperation.Log or UnaryOperation.AbsLog
        or UnaryOperation.Exp or UnaryOperation.Invert or UnaryOperation.Sigmoid or UnaryOperation.Sqrt;
}
