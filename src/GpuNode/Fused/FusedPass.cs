using System.Collections.Immutable;

namespace LPZero.GpuNode.Fused;

/// <summary>One pass over a tensor: what is computed in each tile, in this order.</summary>
internal sealed class FusedPass
{
    /// <summary>The pass in which the nodes of that stage are added up.</summary>
    public FusedPass(ImmutableArray<PlanNode> nodes, int stage)
    {
        Stage = stage;
        var steps = ImmutableArray.CreateBuilder<PlanNode>();
        AddSteps(nodes[0], steps);
        Steps = steps.ToImmutable();
        ColumnParents = [.. Steps.Where(n => n.IsByColumn).Select(n => n.Parent!).Distinct()];
        Measured = [.. Steps.Where(n => n.Stage == stage && n.NeedsMoments)];
        Valued = [.. nodes.Where(n => (n.Parent?.Stage ?? 0) == stage && (n.IsWanted || n.Source == MeanSource.Scalar))];
    }

    /// <summary>The stage whose nodes are added up.</summary>
    public int Stage { get; }

    /// <summary>The nodes whose elements are computed, each after its parent and before its siblings' followers.</summary>
    public ImmutableArray<PlanNode> Steps { get; }

    /// <summary>The nodes whose columns' statistics have to be known before a panel's tiles are computed, parents first.</summary>
    public ImmutableArray<PlanNode> ColumnParents { get; }

    /// <summary>The nodes whose statistics are known after the pass.</summary>
    public ImmutableArray<PlanNode> Measured { get; }

    /// <summary>The nodes whose value is known after the pass, parents first.</summary>
    public ImmutableArray<PlanNode> Valued { get; }

    private bool AddSteps(PlanNode node, ImmutableArray<PlanNode>.Builder steps)
    {
        if (!node.HasElements)
        {
            return false;
        }

        // A node of an earlier stage is computed again on the way to one of this stage, and only then.
        var position = steps.Count;
        steps.Add(node);
        var needed = node.Stage == Stage;
        foreach (var child in node.Children)
        {
            needed |= AddSteps(child, steps);
        }

        if (!needed)
        {
            steps.RemoveAt(position);
        }

        return needed;
    }
}
