namespace XVideo.Service.Worker;

/// <summary>What the worker of this process does, for those who ask whether it is well.</summary>
internal sealed class WorkerState
{
    private volatile bool _isLoaded, _isDraining;

    /// <summary>Whether the model is loaded.</summary>
    public bool IsLoaded { get => _isLoaded; set => _isLoaded = value; }

    /// <summary>Whether it takes no more jobs.</summary>
    public bool IsDraining { get => _isDraining; set => _isDraining = value; }
}
