using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using XVideo.Cli.Commands;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;
using XVideo.Service;
using XVideo.Service.Engine;
using XVideo.Video;

namespace XVideo.Cli.Serve;

/// <summary><c>xvideo serve</c>: the HTTP API and, unless told otherwise, the worker, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        [.. ServeSettings.All, SettingTable.Device, SettingTable.Dtype, SettingTable.Threads, SettingTable.VaeTile, SettingTable.Crf, SettingTable.AssertNoCompile, SettingTable.ValidateBlocks];

    public static int Run(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var model = RequestSettings.OpenModel(settings, problems);
        if (problems.Count > 0 || model is null) throw new ConfigurationException(problems);
        ProcessSettings.Apply(settings);
        // Found out now, rather than at the end of the first video.
        if (!settings.IsOn(ServeSettings.NoWorker)) Ffmpeg.Find(settings.Text(SettingTable.Ffmpeg));
        var places = new DataPlaces(settings);
        var options = Options(settings, places);
        return RunAsync(settings, model, places, options).GetAwaiter().GetResult();
    }

    private static ServiceOptions Options(Settings settings, DataPlaces places)
    {
        var host = settings.Text(ServeSettings.Host) ?? "127.0.0.1";
        var requiresKeys = settings.Text(ServeSettings.RequireKeys) is null ? !ServiceOptions.IsThisMachineOnly(host) : settings.IsOn(ServeSettings.RequireKeys);
        var keepHours = settings.Number(ServeSettings.KeepHours) ?? 24;
        var defaults = new ServiceOptions { FilesFolder = places.Files };
        var options = defaults with
        {
            Host = host,
            Port = settings.Integer(ServeSettings.Port) ?? defaults.Port,
            RequiresKeys = requiresKeys,
            RunsWorker = !settings.IsOn(ServeSettings.NoWorker),
            MaxQueued = settings.Integer(ServeSettings.MaxQueued) ?? defaults.MaxQueued,
            // Over a network, a database may be away for longer than a file ever is.
            Lease = settings.Text(ServeSettings.Queue) is null ? defaults.Lease : 2 * defaults.Lease,
            KeepFor = keepHours == 0 ? null : TimeSpan.FromHours(keepHours),
            FfmpegPath = settings.Text(SettingTable.Ffmpeg),
            Pepper = requiresKeys ? places.ReadPepper() : default,
        };
        try
        {
            options.Check();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new ConfigurationException([error.Message]);
        }
    }

    private static async Task<int> RunAsync(Settings settings, ModelFolder model, DataPlaces places, ServiceOptions options)
    {
        await using var store = await places.OpenStoreAsync();
        var engine = new PipelineEngine(RequestSettings.Options(settings, model), ServedModel.From(model), settings.Integer(SettingTable.Crf) ?? 18);
        await using var app = VideoServer.Create(options, store, engine, builder => Configure(builder, settings));
        using var interruption = new Interruption();
        await app.StartAsync(interruption.Token);
        Announce(settings, app, options);
        var ended = new TaskCompletionSource();
        using var asked = interruption.Token.Register(() => ended.TrySetResult());
        // The worker ends the program by itself when it cannot work.
        using var failed = app.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult());
        await ended.Task;
        await app.StopAsync();
        return Environment.ExitCode;
    }

    private static void Configure(WebApplicationBuilder builder, Settings settings)
    {
        var logging = builder.Logging;
        logging.SetMinimumLevel(settings.IsOn(SettingTable.Quiet) ? LogLevel.Warning : LogLevel.Information);
        // Its line for every start and end of a request would drown ours.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A taken port: FailureReport says it in a line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ssZ "));
        // Standard output is for the address.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // Interruption takes the signals: the second one ends the program at once.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    private static void Announce(Settings settings, WebApplication app, ServiceOptions options)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                json.WriteString("address", address);
                json.WriteBoolean("requiresKeys", options.RequiresKeys);
            });
            return;
        }
        Console.Out.WriteLine(address);
        if (settings.IsOn(SettingTable.Quiet)) return;
        Console.Error.WriteLine(options.RequiresKeys
            ? "Every call needs an API key; make one with: xvideo keys create"
            : "Only this machine can connect, and without an API key.");
        Console.Error.WriteLine($"curl -s {address}/v1/videos -F prompt='a red ball bounces on green grass'");
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
