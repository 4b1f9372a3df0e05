namespace LPZero.Torch;

/// <summary>The dispose scopes of one thread, and what was counted on it.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? threadSingleton;

    internal static DisposeScopeManager ThreadSingleton => threadSingleton ??= new DisposeScopeManager();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    /// <summary>What was counted on the calling thread.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this, CurrentDisposeScope);

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (CurrentDisposeScope is null)
        {
            StatisticsInstance.CreatedOutsideScopeCount++;
            return null;
        }
        StatisticsInstance.CreatedInScopeCount++;
        CurrentDisposeScope.Tensors.Add(tensor);
        return CurrentDisposeScope;
    }

    internal void CountDisposal(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null)
            StatisticsInstance.DisposedOutsideScopeCount++;
        else
            StatisticsInstance.DisposedInScopeCount++;
    }

    // Scopes usually end in the order opposite to their beginning; one that ends early is taken out of the chain.
    internal void Remove(DisposeScope scope)
    {
        if (ReferenceEquals(CurrentDisposeScope, scope))
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var inner = CurrentDisposeScope; inner is not null; inner = inner.OuterScope)
        {
            if (ReferenceEquals(inner.OuterScope, scope))
            {
                inner.OuterScope = scope.OuterScope;
                return;
            }
        }
    }
}
