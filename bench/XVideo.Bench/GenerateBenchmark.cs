using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Bench;

/// <summary>Whole generations, by stage.</summary>
internal static class GenerateBenchmark
{
    public static Command Command()
    {
        var model = new Argument<string>("model") { Description = "A model folder" };
        var prompt = new Option<string>("--prompt") { Description = "What the video shows", DefaultValueFactory = _ => "a red ball bounces on green grass" };
        var preset = new Option<string?>("--preset") { Description = "A preset of the model; default: none" };
        var width = new Option<int?>("--width") { Description = "Pixels; default: the model's" };
        var height = new Option<int?>("--height") { Description = "Pixels; default: the model's" };
        var frames = new Option<int?>("--frames") { Description = "Frames; default: the model's" };
        var steps = new Option<int?>("--steps") { Description = "Denoising steps; default: the model's" };
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale, 1 for none; default: the model's" };
        var dtype = new Option<string>("--dtype") { Description = "auto, f32 or bf16", DefaultValueFactory = _ => "auto" }.AcceptOnlyFromAmong([.. PipelineOptions.DTypes]);
        var device = new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N", DefaultValueFactory = _ => "auto" };
        var threads = new Option<int?>("--threads") { Description = "CPU threads; default: all" };
        var runs = Options.Count("--runs", "Timed generations after one warm-up. Default: 3");
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("generate", "Whole generations, by stage.") { model, prompt, preset, width, height, frames, steps, guidance, dtype, device, threads, runs, json };
        command.SetAction(parsed => Run(
            new PipelineOptions(parsed.GetValue(model)!, parsed.GetValue(device)!, parsed.GetValue(dtype)!, parsed.GetValue(threads)),
            new VideoRequest
            {
                Prompt = parsed.GetValue(prompt)!, Preset = parsed.GetValue(preset), Width = parsed.GetValue(width), Height = parsed.GetValue(height), FrameCount = parsed.GetValue(frames),
                Steps = parsed.GetValue(steps), GuidanceScale = parsed.GetValue(guidance), Seed = 0,
            },
            parsed.GetValue(runs) ?? 3, parsed.GetValue(json)));
        return command;
    }

    private static void Run(PipelineOptions options, VideoRequest wanted, int runs, bool json)
    {
        var output = Path.Combine(Path.GetTempPath(), $"xvideo-bench-{Guid.NewGuid():N}.mp4");
        try
        {
            var clock = Stopwatch.StartNew();
            using var pipeline = VideoPipeline.Load(options);
            var loadTime = clock.Elapsed;
            var request = RequestValidator.Resolve(wanted, pipeline.Defaults, pipeline.Limits);
            // The weights are read in the first run.
            var first = Generate(pipeline, request, output);
            var results = Enumerable.Range(0, runs).Select(_ => Generate(pipeline, request, output)).ToArray();
            Print(loadTime, first, results, json);
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static (VideoResult Result, int LatentFrames) Generate(VideoPipeline pipeline, ResolvedRequest request, string output)
    {
        var latentFrames = new Counter("decode");
        var result = pipeline.Generate(request, output, new OutputOptions(Overwrite: true), latentFrames);
        return (result, latentFrames.Total);
    }

    private static void Print(TimeSpan loadTime, (VideoResult Result, int LatentFrames) first, (VideoResult Result, int LatentFrames)[] runs, bool json)
    {
        var result = runs[^1].Result;
        var settings = result.Settings;
        double Median(Func<VideoResult, double> value)
        {
            var sorted = runs.Select(run => value(run.Result)).Order().ToArray();
            return sorted[sorted.Length / 2];
        }
        double Seconds(VideoResult of, string stage) => of.Stages.Single(entry => entry.Stage == stage).Duration.TotalSeconds;

        var stages = result.Stages.Select(entry => entry.Stage).ToDictionary(stage => stage, stage => Median(of => Seconds(of, stage)));
        var perStep = stages["denoise"] / settings.Steps;
        var perLatentFrame = stages["decode"] / first.LatentFrames;
        var (total, peak) = (Median(of => of.TotalTime.TotalSeconds), result.PeakMemoryInBytes);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                machine = Machine.Description, model = result.Model.Name, modelHash = result.Model.Hash, result.Device, result.DType, result.Threads, settings, runs = runs.Length,
                openSeconds = loadTime.TotalSeconds, firstRunSeconds = first.Result.TotalTime.TotalSeconds, totalSeconds = total, stageSeconds = stages,
                secondsPerStep = perStep, secondsPerLatentFrame = perLatentFrame, peakMemoryInBytes = peak, result.Attention,
            }));
            return;
        }
        Console.WriteLine($"Machine   {Machine.Description}");
        Console.WriteLine($"Model     {result.Model.Name} {result.Model.Hash}, {result.DType} on {result.Device}, {result.Threads} threads");
        Console.WriteLine($"Protocol  {settings.Width}x{settings.Height}, {settings.FrameCount} frames, {settings.Steps} steps, guidance {settings.GuidanceScale}, {settings.Scheduler}, {result.Attention.Tokens} tokens; one warm-up, median of {runs.Length}");
        Console.WriteLine($"{"open",-16}{loadTime.TotalSeconds,8:F2} s");
        Console.WriteLine($"{"first run",-16}{first.Result.TotalTime.TotalSeconds,8:F2} s, weights read on the way");
        foreach (var (stage, seconds) in stages) Console.WriteLine($"{stage,-16}{seconds,8:F2} s");
        Console.WriteLine($"{"total",-16}{total,8:F2} s");
        Console.WriteLine($"{"a step",-16}{1e3 * perStep,8:F0} ms, {(settings.UsesGuidance ? "two passes" : "one pass")}");
        Console.WriteLine($"{"a latent frame",-16}{1e3 * perLatentFrame,8:F0} ms");
        Console.WriteLine($"{"peak memory",-16}{peak / 1e6,8:F0} MB resident");
    }

    private sealed class Counter(string stage) : IProgress<GenerationProgress>
    {
        public int Total { get; private set; }

        public void Report(GenerationProgress value)
        {
            if (value.Stage == stage) Total = value.Total;
        }
    }
}
