namespace LPZero.Torch;

/// <summary>
/// Owns the tensors that its thread makes while it is the innermost one, and disposes them with itself.
/// It belongs to one thread: never keep it open across an await.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;
    private bool disposed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        OuterScope = outer;
    }

    internal DisposeScope? OuterScope { get; set; }

    internal HashSet<torch.Tensor> Tensors { get; private set; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The number of tensors that the scope owns.</summary>
    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return Tensors.Count;
        }
    }

    /// <summary>Whether the scope owns the tensor.</summary>
    public bool Contains(IDisposable disposable) => disposable is torch.Tensor tensor && Tensors.Contains(tensor);

    /// <summary>Gives the tensor to the outer scope, or to nobody where there is none, and returns it.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        MoveToOuter([disposable]);
        return disposable;
    }

    /// <summary>Gives the tensors to the outer scope, or to nobody where there is none.</summary>
    public void MoveToOuter(params IDisposable[] disposables)
    {
        if (OuterScope is null)
        {
            Detach(disposables);
            return;
        }
        ObjectDisposedException.ThrowIf(disposed, this);
        foreach (var tensor in disposables.Cast<torch.Tensor>().Where(Tensors.Remove))
            OuterScope.Own(tensor);
    }

    /// <summary>Takes the tensor out of all scopes, so that its holder disposes it, and returns it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Detach([disposable]);
        return disposable;
    }

    /// <summary>Takes the tensors out of all scopes, so that their holder disposes them.</summary>
    public void Detach(params IDisposable[] disposables)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        foreach (var tensor in disposables.Cast<torch.Tensor>().Where(Tensors.Remove))
        {
            tensor.OwningDisposeScope = null;
            manager.StatisticsInstance.DetachedFromScopeCount++;
        }
    }

    /// <summary>Takes the tensor from whatever scope owns it.</summary>
    public void Attach(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var tensor = (torch.Tensor)disposable;
        if (ReferenceEquals(tensor.OwningDisposeScope, this))
            return;
        tensor.OwningDisposeScope?.Tensors.Remove(tensor);
        Own(tensor);
        manager.StatisticsInstance.AttachedToScopeCount++;
    }

    /// <summary>Disposes every tensor that the scope owns now; the scope stays open.</summary>
    public void DisposeEverything() => DisposeEverythingBut();

    /// <summary>Disposes every tensor that the scope owns now except those given; the scope stays open.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var owned = Tensors;
        Tensors = new(keep.Cast<torch.Tensor>(), ReferenceEqualityComparer.Instance);
        foreach (var tensor in owned.Where(tensor => !Tensors.Contains(tensor)))
            tensor.Dispose();
    }

    /// <summary>Disposes every tensor that the scope owns except the one given, and returns that.</summary>
    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <summary>Disposes every tensor that the scope owns, and ends the scope.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        DisposeEverything();
        manager.Remove(this);
        disposed = true;
    }

    internal void Forget(torch.Tensor tensor)
    {
        Tensors.Remove(tensor);
        tensor.OwningDisposeScope = null;
    }

    private void Own(torch.Tensor tensor)
    {
        Tensors.Add(tensor);
        tensor.OwningDisposeScope = this;
    }
}
