// The lines between the markers are the example in README.md; ReadmeTests compares them.
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Pipeline.Tests;

internal static class ReadmeExample
{
    public static void Run(string folder)
    {
        // <example>
        using var pipeline = VideoPipeline.Load(new PipelineOptions(folder));

        var request = RequestValidator.Resolve(
            new VideoRequest { Prompt = "a red ball bounces on green grass", Steps = 20, Seed = 1 }, pipeline.Defaults, pipeline.Limits);
        var progress = new Progress<GenerationProgress>(now => Console.WriteLine($"{now.Stage} {now.Done}/{now.Total}"));

        var result = pipeline.Generate(request, "ball.mp4", new OutputOptions(Overwrite: true), progress, CancellationToken.None);
        Console.WriteLine($"{result.OutputPath}: seed {result.Settings.Seed}, {result.TotalTime.TotalSeconds:f1} s");
        // </example>
    }
}
