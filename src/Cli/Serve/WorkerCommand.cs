using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using XVideo.Cli.Commands;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;
using XVideo.Service;
using XVideo.Video;

namespace XVideo.Cli.Serve;

/// <summary><c>xvideo worker</c>: makes videos for a queue that others fill, until Ctrl-C or SIGTERM. Any number of them may share one queue.</summary>
internal static class WorkerCommand
{
    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } = [.. ServeSettings.OfWorker, .. ServiceRun.OfPipeline];

    public static int Run(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var model = RequestSettings.OpenModel(settings, problems);
        if (problems.Count > 0 || model is null) throw new ConfigurationException(problems);
        ProcessSettings.Apply(settings);
        // Found out now, rather than at the end of the first video.
        Ffmpeg.Find(settings.Text(SettingTable.Ffmpeg));
        return RunAsync(settings, model, new DataPlaces(settings)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(Settings settings, ModelFolder model, DataPlaces places)
    {
        await using var store = await places.OpenStoreAsync();
        var host = VideoServer.CreateWorker(
            ServiceRun.Options(settings, places), store, ServiceRun.Engine(settings, model), settings.Integer(ServeSettings.HealthPort), builder => ServiceRun.Configure(builder, settings));
        await using var end = (IAsyncDisposable)host;
        return await ServiceRun.RunAsync(host, () => Announce(settings, host, places));
    }

    private static void Announce(Settings settings, IHost host, DataPlaces places)
    {
        var address = (host as WebApplication)?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (settings.IsOn(SettingTable.Json)) JsonOutput.Print(json => json.WriteString("healthAddress", address));
        else if (address is not null) Console.Out.WriteLine(address);
        if (!settings.IsOn(SettingTable.Json) && !settings.IsOn(SettingTable.Quiet) && !LogFormat.IsForMachines(settings))
            Console.Error.WriteLine($"Takes videos from the queue {(settings.Text(ServeSettings.Queue) is null ? "in" : "in PostgreSQL, with files under")} {places.Folder}");
    }
}
