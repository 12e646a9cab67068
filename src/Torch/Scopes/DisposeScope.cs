namespace TorchSharp;

/// <summary>
/// Owns every tensor created on this thread while it is the innermost scope, and disposes those that were not moved out or detached.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? _current;

    private readonly HashSet<IDisposable> _owned = new(ReferenceEqualityComparer.Instance);
    private readonly DisposeScope? _outer;
    private bool _disposed;

    internal DisposeScope()
    {
        _outer = _current;
        _current = this;
    }

    internal static DisposeScope? Current => _current;

    public int DisposablesCount => _owned.Count;

    public void Attach(IDisposable disposable)
    {
        _owned.Add(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningScope = this;
    }

    public bool Contains(IDisposable disposable) => _owned.Contains(disposable);

    /// <summary>Hands a tensor of this scope to the scope outside it, or to nobody when this is the outermost. Others stay where they are.</summary>
    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        if (!_owned.Contains(disposable)) return disposable;
        Detach(disposable);
        _outer?.Attach(disposable);
        return disposable;
    }

    /// <summary>Gives a tensor of this scope up: from now on its caller disposes it.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        if (_owned.Remove(disposable) && disposable is torch.Tensor tensor) tensor.OwningScope = null;
        return disposable;
    }

    public void DisposeEverything()
    {
        var owned = _owned.ToArray();
        _owned.Clear();
        foreach (var disposable in owned) disposable.Dispose();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        DisposeEverything();
        // Scopes nest like using statements; an inner one left open by an exception is closed with its outer one.
        if (ReferenceEquals(_current, this)) _current = _outer;
        else for (var scope = _current; scope is not null; scope = scope._outer)
            if (ReferenceEquals(scope._outer, this)) { _current = _outer; break; }
    }

    internal void Forget(IDisposable disposable) => _owned.Remove(disposable);
}
