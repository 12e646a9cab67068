using System.Collections.Concurrent;

namespace XVideo.Service.Worker;

/// <summary>The one thread that calls the engine: native libraries keep memory and threads for each thread that calls them, and work on it takes minutes.</summary>
internal sealed class EngineThread : IDisposable
{
    // A native call that hangs must not hold up the end of the process; the thread ends with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public EngineThread()
    {
        _thread = new Thread(Loop) { Name = "engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs one piece of work after those before it.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        if (_thread.Join(Patience)) _work.Dispose();
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable()) work();
    }
}
