using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XVideo.Service.Worker;

namespace XVideo.Service.Systemd;

/// <summary>Keeps systemd informed: when the server listens, what it does, that it is well, and that it stops.</summary>
internal sealed partial class SystemdReporter(
    SystemdOptions options, ServiceOptions service, WorkerState worker, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SystemdReporter> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);
    private readonly SystemdSocket _socket = new(options.SocketPath);
    private readonly Lock _one = new();
    private ITimer? _timer;
    private string _status = "";
    private bool _isStopping, _isDisposed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Begin);
        lifetime.ApplicationStopping.Register(Tell);
        return Task.CompletedTask;
    }

    // A worker that finishes its last job is still watched: the timer ends with the process.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        worker.Changed -= Tell;
        _timer?.Dispose();
        lock (_one)
        {
            _isDisposed = true;
            _socket.Dispose();
        }
    }

    private void Begin()
    {
        lock (_one) Send("READY=1");
        Tell();
        worker.Changed += Tell;
        if (options.Watchdog is not { } watchdog) return;
        var interval = watchdog / 2 < LongestInterval ? watchdog / 2 : LongestInterval;
        _timer = time.CreateTimer(_ => Ping(), null, TimeSpan.Zero, interval);
    }

    // Whoever is not well keeps silent, and is killed and started again.
    private void Ping()
    {
        lock (_one)
            if (!worker.IsStalled) Send("WATCHDOG=1");
    }

    private void Tell()
    {
        lock (_one)
        {
            var isStopping = worker.IsDraining || lifetime.ApplicationStopping.IsCancellationRequested;
            var status = Status(isStopping);
            if (isStopping && !_isStopping) Send("STOPPING=1", $"STATUS={status}");
            else if (status != _status) Send($"STATUS={status}");
            (_isStopping, _status) = (isStopping, status);
        }
    }

    private string Status(bool isStopping)
    {
        if (isStopping) return worker.JobId is { } last ? $"stopping after {last}" : "stopping";
        if (!service.RunsWorker) return "serving without a worker";
        if (!worker.IsLoaded) return "loading the model";
        if (worker.JobId is not { } job) return "idle";
        return worker.IsStalled ? $"stalled at {job}" : $"working on {job}";
    }

    private void Send(params ReadOnlySpan<string> assignments)
    {
        if (_isDisposed) return;
        try
        {
            _socket.Send(assignments);
        }
        catch (SocketException error)
        {
            LogNotSent(error);
        }
    }

    [LoggerMessage(3030, LogLevel.Debug, "systemd does not listen")]
    private partial void LogNotSent(Exception error);
}
