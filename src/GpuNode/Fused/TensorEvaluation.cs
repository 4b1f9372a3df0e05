using System.Runtime.InteropServices;
using LPZero.GpuNode.Chains;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Fused;

/// <summary>The evaluation of a plan on one tensor. Read <see cref="Run"/> first.</summary>
internal readonly ref struct TensorEvaluation
{
    // Tiles of fewer rows than this make their panels wider, so that they stay worth the overhead of a loop.
    private const int RowsOfFullTile = 8;

    private readonly FusedPlan plan;
    private readonly FusedScratch scratch;
    private readonly ReadOnlySpan<float> data;
    private readonly int rows;
    private readonly int columns;
    private readonly int columnsOfPanel;

    public TensorEvaluation(FusedPlan plan, ReadOnlySpan<float> data, int rows, FusedScratch scratch)
    {
        this.plan = plan;
        this.data = data;
        this.rows = rows;
        this.scratch = scratch;
        columns = data.Length / rows;
        var widest = TileKernels.Capacity / Math.Min(rows, RowsOfFullTile);
        var panels = (columns + widest - 1) / widest;
        columnsOfPanel = Math.Min(widest, ((columns + panels - 1) / panels + 7) & ~7);
        scratch.Prepare(plan, columnsOfPanel);
    }

    /// <summary>Fills <see cref="FusedScratch.Values"/>.</summary>
    public void Run()
    {
        Array.Clear(scratch.Sums);
        foreach (var pass in plan.Passes)
        {
            for (var column = 0; column < columns; column += columnsOfPanel)
            {
                RunPanel(pass, new Panel(column, Math.Min(columnsOfPanel, columns - column)));
            }

            foreach (var node in pass.Measured)
            {
                scratch.Statistics[node.Index] = Statistics.Of(scratch.Moments[node.Index], data.Length);
            }

            foreach (var node in pass.Valued)
            {
                scratch.Values[node.Index] = Value(node);
            }
        }
    }

    private void RunPanel(FusedPass pass, Panel panel)
    {
        foreach (var node in pass.ColumnParents)
        {
            FindColumnStatistics(node, panel);
        }

        scratch.ClearColumnSums();
        for (var row = 0; row < rows;)
        {
            var tile = Load(panel, row);
            foreach (var node in pass.Steps)
            {
                Compute(node, tile);
                if (node.Stage == pass.Stage)
                {
                    AddUp(node, tile, isFirst: row == 0 && panel.First == 0);
                }
            }

            row += tile.Rows;
        }

        foreach (var node in pass.Steps)
        {
            if (node.Stage == pass.Stage && node.ColumnSumsSlot >= 0)
            {
                AddLogarithmsOfColumns(node, panel);
            }
        }
    }

    /// <summary>Copies the part of a panel that starts at a row into the root's tile buffer.</summary>
    private Tile Load(Panel panel, int row)
    {
        var tile = new Tile(Math.Min(rows - row, Math.Max(1, TileKernels.Capacity / panel.Columns)), panel.Columns);
        var target = MemoryMarshal.CreateSpan(ref scratch.Tile(0), tile.Count);
        if (panel.Columns == columns)
        {
            data.Slice(row * columns, tile.Count).CopyTo(target);
            return tile;
        }

        for (var i = 0; i < tile.Rows; i++)
        {
            data.Slice(((row + i) * columns) + panel.First, panel.Columns).CopyTo(target[(i * panel.Columns)..]);
        }

        return tile;
    }

    /// <summary>Computes a node's elements in its depth's tile buffer from its parent's.</summary>
    private void Compute(PlanNode node, Tile tile)
    {
        if (node.Parent is not { } parent)
        {
            return;
        }

        ref var source = ref scratch.Tile(parent.Depth);
        ref var result = ref scratch.Tile(node.Depth);
        switch (node.Operation)
        {
            case UnaryOperation.Log:
                TileKernels.Log(ref source, ref result, tile.Count, ofAbsolutes: false);
                break;
            case UnaryOperation.AbsLog:
                TileKernels.Log(ref source, ref result, tile.Count, ofAbsolutes: true);
                break;
            case UnaryOperation.Abs:
                TileKernels.Apply<AbsElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Square:
                TileKernels.Apply<SquareElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Exp:
                TileKernels.Exp(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Relu:
                TileKernels.Apply<ReluElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Invert:
                TileKernels.Apply<InvertElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Sigmoid:
                TileKernels.Exp(ref source, ref result, tile.Count);
                TileKernels.Apply<SigmoidOfExp>(ref result, ref result, tile.Count);
                break;
            case UnaryOperation.Sqrt:
                TileKernels.Apply<SqrtElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Negate:
                TileKernels.Apply<NegateElement>(ref source, ref result, tile.Count);
                break;
            case UnaryOperation.Normalize:
                ref readonly var all = ref scratch.Statistics[parent.Index];
                TileKernels.Affine(
                    ref source, ref result, tile.Count, ClosedForms.Split(all.Mean), (float)all.StandardDeviation, zeroForNaN: true);
                break;
            case UnaryOperation.MinMax:
                ref readonly var bounds = ref scratch.Statistics[parent.Index];
                TileKernels.Affine(ref source, ref result, tile.Count, (bounds.Minimum, 0), ClosedForms.Range(bounds), zeroForNaN: false);
                break;
            case UnaryOperation.Softmax:
                TileKernels.SoftmaxOfColumns(
                    ref source, ref result, ref scratch.ColumnMaxima(parent.ColumnStatisticsSlot)[0],
                    ref scratch.ColumnExponentials(parent.ColumnStatisticsSlot)[0], tile.Rows, tile.Columns);
                break;
            case UnaryOperation.LogSoftmax:
                TileKernels.LogSoftmaxOfColumns(
                    ref source, ref result, ref scratch.ColumnMaxima(parent.ColumnStatisticsSlot)[0],
                    ref scratch.ColumnLogarithms(parent.ColumnStatisticsSlot)[0], tile.Rows, tile.Columns);
                break;
            default:
                throw new InvalidOperationException($"{node.Operation} has no elements.");
        }
    }

    /// <summary>Adds up a tile of a node and of the operations on it of which only the sum is wanted.</summary>
    private void AddUp(PlanNode node, Tile tile, bool isFirst)
    {
        ref var elements = ref scratch.Tile(node.Depth);
        if (node.NeedsMoments)
        {
            ref var moments = ref scratch.Moments[node.Index];
            if (isFirst)
            {
                moments = Moments.From(elements);
            }

            TileKernels.AddMoments(ref moments, ref elements, tile.Count);
        }

        if (node.Wanted(UnaryOperation.Log) is { } log)
        {
            Add(log, TileKernels.SumLog(ref elements, tile.Count, ofAbsolutes: false));
        }

        if (node.Wanted(UnaryOperation.AbsLog) is { } absLog)
        {
            Add(absLog, TileKernels.SumLog(ref elements, tile.Count, ofAbsolutes: true));
        }

        if (node.Wanted(UnaryOperation.Invert) is { } invert)
        {
            Add(invert, TileKernels.Sum<InvertElement>(ref elements, tile.Count));
        }

        if (node.Wanted(UnaryOperation.Sqrt) is { } sqrt)
        {
            Add(sqrt, TileKernels.Sum<SqrtElement>(ref elements, tile.Count));
        }

        var (exp, sigmoid) = (node.Wanted(UnaryOperation.Exp), node.Wanted(UnaryOperation.Sigmoid));
        if (exp is null && sigmoid is null && node.ColumnSumsSlot < 0)
        {
            return;
        }

        ref var exponentials = ref scratch.Derived;
        TileKernels.Exp(ref elements, ref exponentials, tile.Count);
        if (exp is not null)
        {
            Add(exp, TileKernels.Sum<SameElement>(ref exponentials, tile.Count));
        }

        if (sigmoid is not null)
        {
            Add(sigmoid, TileKernels.Sum<SigmoidOfExp>(ref exponentials, tile.Count));
        }

        if (node.ColumnSumsSlot >= 0)
        {
            TileKernels.AddColumns(ref exponentials, ref scratch.ColumnSums(node.ColumnSumsSlot), tile.Rows, tile.Columns);
        }
    }

    private void Add(PlanNode? node, double sum)
    {
        if (node is not null)
        {
            scratch.Sums[node.Index] += sum;
        }
    }

    /// <summary>Adds the logarithms of a panel's column sums of exponentials, which the mean of a log_softmax needs.</summary>
    private void AddLogarithmsOfColumns(PlanNode node, Panel panel)
    {
        var sum = TileKernels.SumOfLogs(ref scratch.ColumnSums(node.ColumnSumsSlot), panel.Columns);
        if (sum is null)
        {
            // Out of range unless shifted by the columns' maxima.
            FindColumnStatistics(node, panel);
            sum = 0;
            var maxima = scratch.ColumnMaxima(node.ColumnStatisticsSlot);
            var logarithms = scratch.ColumnLogarithms(node.ColumnStatisticsSlot);
            for (var column = 0; column < panel.Columns; column++)
            {
                sum += (double)maxima[column] + logarithms[column];
            }
        }

        Add(node.Wanted(UnaryOperation.LogSoftmax), sum.Value);
    }

    /// <summary>Finds what a softmax along dimension 0 needs to know of each column of a panel of a node's elements.</summary>
    private void FindColumnStatistics(PlanNode node, Panel panel)
    {
        var slot = node.ColumnStatisticsSlot;
        var maxima = scratch.ColumnMaxima(slot);
        maxima.Fill(float.NegativeInfinity);
        for (var row = 0; row < rows;)
        {
            var tile = Load(panel, row);
            ComputePath(node, tile);
            TileKernels.MaximumOfColumns(ref scratch.Tile(node.Depth), ref maxima[0], tile.Rows, tile.Columns);
            row += tile.Rows;
        }

        var sums = MemoryMarshal.CreateSpan(ref scratch.SpareColumnSums, maxima.Length);
        sums.Clear();
        for (var row = 0; row < rows;)
        {
            var tile = Load(panel, row);
            ComputePath(node, tile);
            TileKernels.ExpOfColumns(ref scratch.Tile(node.Depth), ref scratch.Derived, ref maxima[0], tile.Rows, tile.Columns);
            TileKernels.AddColumns(ref scratch.Derived, ref sums[0], tile.Rows, tile.Columns);
            row += tile.Rows;
        }

        TileKernels.NarrowWithLogs(
            ref sums[0], ref scratch.ColumnExponentials(slot)[0], ref scratch.ColumnLogarithms(slot)[0], panel.Columns);
    }

    private void ComputePath(PlanNode node, Tile tile)
    {
        if (node.Parent is { } parent)
        {
            ComputePath(parent, tile);
            Compute(node, tile);
        }
    }

    private double Value(PlanNode node) => node.Source switch
    {
        MeanSource.Moments => scratch.Statistics[node.Index].Mean,
        MeanSource.Sum => scratch.Sums[node.Index] / data.Length,
        MeanSource.Scalar when node.Parent!.Source == MeanSource.Scalar =>
            ScalarOperations.Apply(node.Operation, scratch.Values[node.Parent.Index]),
        MeanSource.Scalar => ClosedForms.Scalar(node.Operation, scratch.Statistics[node.Parent!.Index]),
        _ => ClosedForms.Mean(node.Operation, scratch.Statistics[node.Parent!.Index], data.Length, rows, scratch.Sums[node.Index])
            ?? MeanByElement(node),
    };

    /// <summary>
    /// The mean of a node whose closed form does not hold for this tensor (elements near the ends of float32's range), from its
    /// elements in a pass of its own.
    /// </summary>
    private double MeanByElement(PlanNode node)
    {
        var sum = 0.0;
        for (var column = 0; column < columns; column += columnsOfPanel)
        {
            var panel = new Panel(column, Math.Min(columnsOfPanel, columns - column));
            FindColumnStatisticsOfPath(node, panel);
            for (var row = 0; row < rows;)
            {
                var tile = Load(panel, row);
                ComputePath(node, tile);
                sum += TileKernels.Sum<SameElement>(ref scratch.Tile(node.Depth), tile.Count);
                row += tile.Rows;
            }
        }

        return sum / data.Length;
    }

    private void FindColumnStatisticsOfPath(PlanNode node, Panel panel)
    {
        if (node.Parent is not { } parent)
        {
            return;
        }

        FindColumnStatisticsOfPath(parent, panel);
        if (node.IsByColumn)
        {
            FindColumnStatistics(parent, panel);
        }
    }

    /// <summary>A range of columns, all of whose rows are visited before the next panel.</summary>
    private readonly record struct Panel(int First, int Columns);

    /// <summary>Rows of a panel, small enough for the first-level cache.</summary>
    private readonly record struct Tile(int Rows, int Columns)
    {
        public int Count => Rows * Columns;
    }
}
