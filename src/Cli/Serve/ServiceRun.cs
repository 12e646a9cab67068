using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using XVideo.Cli.Commands;
using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;
using XVideo.Service;
using XVideo.Service.Engine;
using XVideo.Service.Systemd;

namespace XVideo.Cli.Serve;

/// <summary>What <c>xvideo serve</c> and <c>xvideo worker</c> have in common: options of the worker, its engine, and running until a signal.</summary>
internal static class ServiceRun
{
    /// <summary>What decides how videos are made.</summary>
    public static IReadOnlyList<Setting> OfPipeline { get; } =
        [SettingTable.Device, SettingTable.Dtype, SettingTable.Threads, SettingTable.VaeTile, SettingTable.Crf, SettingTable.AssertNoCompile, SettingTable.ValidateBlocks];

    /// <summary>What the settings say, but for what only the API reads.</summary>
    public static ServiceOptions Options(Settings settings, DataPlaces places)
    {
        var keepHours = settings.Number(ServeSettings.KeepHours) ?? 24;
        var keepRowsDays = settings.Number(ServeSettings.KeepRowsDays) ?? 30;
        var defaults = new ServiceOptions { FilesFolder = places.Files };
        return defaults with
        {
            // Over a network, a database may be away for longer than a file ever is.
            Lease = settings.Text(ServeSettings.Queue) is null ? defaults.Lease : 2 * defaults.Lease,
            KeepFor = keepHours == 0 ? null : TimeSpan.FromHours(keepHours),
            KeepRowsFor = keepRowsDays == 0 ? null : TimeSpan.FromDays(keepRowsDays),
            StallTimeout = TimeSpan.FromSeconds(settings.Number(ServeSettings.StallSeconds) ?? defaults.StallTimeout.TotalSeconds),
            AttemptLimit = TimeSpan.FromMinutes(settings.Number(ServeSettings.AttemptMinutes) ?? defaults.AttemptLimit.TotalMinutes),
            FfmpegPath = settings.Text(SettingTable.Ffmpeg),
        };
    }

    /// <summary>What makes the videos; the model is not loaded yet.</summary>
    public static PipelineEngine Engine(Settings settings, ModelFolder model) =>
        new(RequestSettings.Options(settings, model), ServedModel.From(model), settings.Integer(SettingTable.Crf) ?? 18)
        {
            CheckpointEvery = TimeSpan.FromSeconds(settings.Number(ServeSettings.CheckpointSeconds) ?? 20),
        };

    /// <summary>Log, systemd and signals.</summary>
    public static void Configure(IHostApplicationBuilder builder, Settings settings)
    {
        LogFormat.Configure(builder.Logging, settings);
        if (SystemdOptions.FromEnvironment() is { } systemd) builder.Services.AddSystemdNotifications(systemd);
        // Interruption takes the signals: the second one ends the program at once.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    /// <summary>Runs until a signal, or until the worker cannot go on.</summary>
    /// <param name="host">Not started yet.</param>
    /// <param name="announce">Called when it has started.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IHost host, Action announce)
    {
        using var export = OtlpExport.StartIfAsked();
        using var interruption = new Interruption();
        await host.StartAsync(interruption.Token);
        announce();
        var ended = new TaskCompletionSource();
        using var asked = interruption.Token.Register(() => ended.TrySetResult());
        // The worker ends the program by itself when it cannot work.
        using var failed = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => ended.TrySetResult());
        await ended.Task;
        await host.StopAsync();
        return Environment.ExitCode;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
