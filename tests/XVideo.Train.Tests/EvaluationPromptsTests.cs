using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Train.Evaluation;

namespace XVideo.Train.Tests;

/// <summary>The prompts that the README shows pictures of.</summary>
public sealed class EvaluationPromptsTests
{
    // Enough held-out scenes to choose from.
    private const int Scenes = 400;

    [Fact]
    public void DocsPrompts_All_AreHeldOutCaptionsOfTwelveFamilies()
    {
        var families = Enumerable.Range(0, Scenes).Select(EvaluationRun.SceneOf).DistinctBy(scene => scene.Caption).ToDictionary(scene => scene.Caption, scene => scene.Family.Name);
        var prompts = ReadPrompts();

        Assert.Equal(12, prompts.Length);
        Assert.All(prompts, prompt => Assert.Contains(prompt, families.Keys));
        Assert.Equal(12, prompts.Select(prompt => families[prompt]).Distinct().Count());
    }

    [Fact]
    public void DocsPrompts_Words_AreAllKnownToTheDefaultModel()
    {
        using var pipeline = VideoPipeline.Load(new PipelineOptions(PathOf("weights", "default"), Device: "cpu"));
        Assert.Empty(ReadPrompts().SelectMany(pipeline.UnknownWords));
    }

    private static string[] ReadPrompts() =>
        [.. File.ReadLines(PathOf("docs", "prompts.txt")).Where(line => !line.StartsWith('#')).Select(line => Regex.Match(line, @"^(.+) --seed \d+$").Groups[1].Value)];

    private static string PathOf(params string[] names) => Path.Combine([Folder(), "..", "..", .. names]);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
