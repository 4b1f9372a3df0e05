namespace LPZero.GpuNode.Tests;

/// <summary>Tests that count live tensors run alone: the count is the process's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveTensors
{
    public const string Name = "live tensors";

    /// <summary>How many tensors an action leaves behind.</summary>
    public static long LeftBehind(Action action)
    {
        // Tensors that an earlier test dropped are freed by their finalizers, not in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }
}
