using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using XVideo.Service;
using XVideo.Service.Store;

namespace XVideo.ServiceBench.Fake;

/// <summary>The real server, store and worker around a <see cref="FakeEngine"/>, in this process until SIGTERM.</summary>
public static class FakeServer
{
    /// <summary>Prints the address, and serves.</summary>
    /// <param name="options">What to serve, and how.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(FakeServerOptions options)
    {
        await using var store = await OpenAsync(options);
        await using var app = VideoServer.Create(Options(options), store, new FakeEngine(options.StepTime), builder =>
            builder.Logging.SetMinimumLevel(options.IsVerbose ? LogLevel.Information : LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning)
                // Without ffmpeg no pictures: their absence is no news here.
                .AddFilter("XVideo.Service.Worker.Publisher", LogLevel.Error)
                .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff ")).Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                    console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var ended = new TaskCompletionSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ended.TrySetResult();
        });
        await app.StartAsync();
        using var failed = app.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult());
        Console.Out.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await ended.Task;
        await app.StopAsync();
        return Environment.ExitCode;
    }

    /// <summary>The store that such a server uses.</summary>
    public static async Task<IJobStore> OpenAsync(FakeServerOptions options) => options.Queue is { } connection
        ? await PostgresJobStore.OpenAsync(new PostgresJobStoreOptions { ConnectionString = connection })
        : await SqliteJobStore.OpenAsync(new SqliteJobStoreOptions { Path = Path.Combine(options.Folder, "jobs.db") }, TimeProvider.System);

    private static ServiceOptions Options(FakeServerOptions options) => new()
    {
        FilesFolder = options.FilesFolder ?? Path.Combine(options.Folder, "files"),
        Port = 0,
        RequiresKeys = options.RequiresKeys,
        Pepper = FakeServerOptions.Pepper,
        RunsWorker = !options.HasNoWorker,
        MaxQueued = options.MaxQueued,
        MaxAttempts = options.MaxAttempts,
        Lease = options.Lease,
        Heartbeat = TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerSecond, options.Lease.Ticks / 8)),
        ReapInterval = TimeSpan.FromTicks(Math.Min(5 * TimeSpan.TicksPerSecond, options.Lease.Ticks / 4)),
        DrainTimeout = options.DrainTimeout,
        MinimumFreeBytes = 0,
        // None: a fake file has no frames to make pictures of.
        FfmpegPath = "/nonexistent/ffmpeg",
    };
}
