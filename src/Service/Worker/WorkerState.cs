namespace XVideo.Service.Worker;

/// <summary>What the worker of this process does, for those who ask whether it is well.</summary>
internal sealed class WorkerState
{
    private volatile bool _isLoaded, _isDraining, _isStalled;
    private volatile string? _jobId;

    /// <summary>Raised after a change of anything here, on the thread that made it. Handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Whether the model is loaded.</summary>
    public bool IsLoaded
    {
        get => _isLoaded;
        set
        {
            _isLoaded = value;
            Changed?.Invoke();
        }
    }

    /// <summary>Whether it takes no more jobs.</summary>
    public bool IsDraining
    {
        get => _isDraining;
        set
        {
            _isDraining = value;
            Changed?.Invoke();
        }
    }

    /// <summary>Whether the engine does not get on with its job.</summary>
    public bool IsStalled
    {
        get => _isStalled;
        set
        {
            if (_isStalled == value) return;
            _isStalled = value;
            Changed?.Invoke();
        }
    }

    /// <summary>The job that runs; <see langword="null"/> while none does.</summary>
    public string? JobId
    {
        get => _jobId;
        set
        {
            _jobId = value;
            Changed?.Invoke();
        }
    }
}
