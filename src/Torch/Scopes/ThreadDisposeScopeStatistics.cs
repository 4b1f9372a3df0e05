namespace LPZero.Torch;

/// <summary>How many tensors were made and disposed on one thread. A leak shows as a live count that does not return to zero.</summary>
public sealed class ThreadDisposeScopeStatistics
{
    /// <summary>Tensors that were made while no dispose scope was open.</summary>
    public long CreatedOutsideScopeCount { get; internal set; }

    /// <summary>Tensors that were disposed while they belonged to no dispose scope.</summary>
    public long DisposedOutsideScopeCount { get; internal set; }

    /// <summary>Tensors that were made in a dispose scope.</summary>
    public long CreatedInScopeCount { get; internal set; }

    /// <summary>Tensors that were disposed while they belonged to a dispose scope.</summary>
    public long DisposedInScopeCount { get; internal set; }

    /// <summary>Tensors that were put into a dispose scope after they were made.</summary>
    public long AttachedToScopeCount { get; internal set; }

    /// <summary>Tensors that were taken out of all dispose scopes.</summary>
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Tensors made on this thread less those disposed on it.</summary>
    public long ThreadTotalLiveCount =>
        CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    /// <summary>Sets every count of this thread to zero.</summary>
    public void Reset()
    {
        CreatedOutsideScopeCount = DisposedOutsideScopeCount = 0;
        CreatedInScopeCount = DisposedInScopeCount = 0;
        AttachedToScopeCount = DetachedFromScopeCount = 0;
    }
}
