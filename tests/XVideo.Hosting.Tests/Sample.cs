// The lines between the markers are the sample in README.md; SampleTests compares them, and runs them.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using XVideo.Hosting;
using XVideo.Pipeline.Requests;

namespace XVideo.Hosting.Tests;

internal static class Sample
{
    public static async Task RunAsync(string[] args, string model)
    {
        // <sample>
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddXVideo(options => options.ModelPath = model);
        using var host = builder.Build();
        await host.StartAsync();

        var videos = host.Services.GetRequiredService<IVideoGenerator>();
        var request = new VideoRequest { Prompt = "a red ball bounces on green grass", Seed = 7 };
        await foreach (var progress in videos.GenerateAsync(request, "ball.mp4"))
        {
            Console.WriteLine($"{progress.Phase} {progress.Step}/{progress.StepCount}, {progress.Fraction:p0}, {progress.Remaining?.TotalSeconds:0} s left");
            if (progress.Result is { } video) Console.WriteLine($"{video.OutputPath}: seed {video.Settings.Seed}, {video.TotalTime.TotalSeconds:0.0} s");
        }
        await host.StopAsync();
        // </sample>
    }
}
