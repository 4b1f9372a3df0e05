using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LPZero.GpuNode.Fused;

/// <summary>
/// The working memory of one evaluation at a time: tile buffers, sums, and statistics of a panel's columns. It grows to what
/// the largest plan needs, independently of the tensors' sizes, and is then reused without allocating.
/// </summary>
public sealed class FusedScratch
{
    private const int BufferStride = TileKernels.Capacity + TileKernels.Slack;
    private const int Alignment = 64;

    private float[] tiles = [];
    private int firstTile;
    private int depths;
    private float[] columnStatistics = [];
    private double[] columnSums = [];
    private int columnStride;
    private int columnSumsSlots;

    /// <summary>The mean of each node's result.</summary>
    internal double[] Values { get; private set; } = [];

    /// <summary>The sum of each node's elements, for nodes that are only added up.</summary>
    internal double[] Sums { get; private set; } = [];

    /// <summary>What is added up of each node's elements.</summary>
    internal Moments[] Moments { get; private set; } = [];

    /// <summary>Each node's statistics, once its pass is over.</summary>
    internal Statistics[] Statistics { get; private set; } = [];

    /// <summary>The buffer for exponentials or logarithms of a tile that are only added up.</summary>
    internal ref float Derived => ref Tile(depths);

    /// <summary>The sums in double from which a column's statistics are made.</summary>
    internal ref double SpareColumnSums => ref ColumnSums(-1);

    /// <summary>Makes room for a plan and panels of at most that many columns.</summary>
    internal void Prepare(FusedPlan plan, int columnsOfPanel)
    {
        var nodes = plan.Nodes.Length;
        if (Values.Length < nodes)
        {
            Values = new double[nodes];
            Sums = new double[nodes];
            Moments = new Moments[nodes];
            Statistics = new Statistics[nodes];
        }

        depths = plan.Depths;
        var floats = ((depths + 1) * BufferStride) + (Alignment / sizeof(float));
        if (tiles.Length < floats)
        {
            // Pinned, so that the alignment found here lasts.
            tiles = GC.AllocateArray<float>(floats, pinned: true);
            var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(tiles, 0);
            firstTile = (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
        }

        columnStride = columnsOfPanel + TileKernels.Slack;
        columnSumsSlots = plan.ColumnSumsSlots;
        Grow(ref columnStatistics, 3 * plan.ColumnStatisticsSlots * columnStride);
        Grow(ref columnSums, (plan.ColumnSumsSlots + 1) * columnStride);
    }

    /// <summary>The tile buffer of nodes at that depth.</summary>
    internal ref float Tile(int depth) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(tiles), firstTile + (depth * BufferStride));

    /// <summary>The columns' maxima.</summary>
    internal Span<float> ColumnMaxima(int slot) => columnStatistics.AsSpan(3 * slot * columnStride, columnStride);

    /// <summary>The columns' sums of e to the power of the distance from the maximum.</summary>
    internal Span<float> ColumnExponentials(int slot) => columnStatistics.AsSpan(((3 * slot) + 1) * columnStride, columnStride);

    /// <summary>The logarithms of <see cref="ColumnExponentials"/>.</summary>
    internal Span<float> ColumnLogarithms(int slot) => columnStatistics.AsSpan(((3 * slot) + 2) * columnStride, columnStride);

    /// <summary>The columns' sums of e to the power of the element itself.</summary>
    internal ref double ColumnSums(int slot) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(columnSums), (slot + 1) * columnStride);

    /// <summary>Sets the sums of every column of every node to zero.</summary>
    internal void ClearColumnSums() => Array.Clear(columnSums, columnStride, columnSumsSlots * columnStride);

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }
}
