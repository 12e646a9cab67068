using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Cli.Commands;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;
using XVideo.Service;
using XVideo.Video;

namespace XVideo.Cli.Serve;

/// <summary><c>xvideo serve</c>: the HTTP API and, unless told otherwise, the worker, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        [.. ServeSettings.OfServe, .. ServiceRun.OfPipeline];

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
        var defaults = ServiceRun.Options(settings, places);
        var options = defaults with
        {
            Host = host,
            Port = settings.Integer(ServeSettings.Port) ?? defaults.Port,
            Proxies = settings.Text(ServeSettings.Proxies) is { } proxies ? ServeSettings.Addresses(proxies) ?? [] : [],
            RequiresKeys = requiresKeys,
            RunsWorker = !settings.IsOn(ServeSettings.NoWorker),
            MaxQueued = settings.Integer(ServeSettings.MaxQueued) ?? defaults.MaxQueued,
            MaxAttempts = settings.Integer(ServeSettings.MaxAttempts) ?? defaults.MaxAttempts,
            HasPublicMetrics = settings.IsOn(ServeSettings.MetricsPublic),
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
        await using var app = VideoServer.Create(options, store, ServiceRun.Engine(settings, model), builder => ServiceRun.Configure(builder, settings));
        return await ServiceRun.RunAsync(app, () => Announce(settings, app, options));
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
        if (settings.IsOn(SettingTable.Quiet) || LogFormat.IsForMachines(settings)) return;
        Console.Error.WriteLine(options.RequiresKeys
            ? "Every call needs an API key; make one with: xvideo keys create"
            : "Only this machine can connect, and without an API key.");
        Console.Error.WriteLine($"curl -s {address}/v1/videos -F prompt='a red ball bounces on green grass'");
    }
}
