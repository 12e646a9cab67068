namespace XVideo.SparseAttention.Cpu;

/// <summary>Runs independent tasks on a bounded number of workers.</summary>
internal static class WorkerLoop
{
    /// <summary>Calls <paramref name="body"/> once per task with the number of the worker that runs it; returns when all are done.</summary>
    /// <remarks>Workers take the next free task, so uneven tasks and a busy machine balance out. A task must not depend on its worker.</remarks>
    public static void Run(int tasks, int workers, Action<int, int> body)
    {
        workers = Math.Min(workers, tasks);
        if (workers <= 1)
        {
            for (var task = 0; task < tasks; task++) body(0, task);
            return;
        }
        var next = -1;
        Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            int task;
            while ((task = Interlocked.Increment(ref next)) < tasks) body(worker, task);
        });
    }
}
