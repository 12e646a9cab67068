using System.Collections.Concurrent;

namespace XVideo.Hosting;

/// <summary>The one thread that calls a pipeline: native libraries keep memory and threads for each thread that calls them, and work on it takes minutes.</summary>
internal sealed class ComputeThread
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ComputeThread() => new Thread(Loop) { Name = "xvideo", IsBackground = true }.Start();

    /// <summary>Runs one piece of work after those before it.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(() =>
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

    /// <summary>Ends the thread after what it has to do, and after this.</summary>
    public async Task EndAsync(Action last)
    {
        var done = RunAsync(() => { last(); return true; });
        _work.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        await done.ConfigureAwait(false);
    }

    private void Add(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(IVideoGenerator));
        }
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable()) work();
        _ended.SetResult();
    }
}
