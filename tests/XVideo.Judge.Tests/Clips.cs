using TorchSharp;
using XVideo.Scenes;
using static TorchSharp.torch;

namespace XVideo.Judge.Tests;

/// <summary>Scenes as clips of the size that is judged: 41 frames of 256×192.</summary>
internal static class Clips
{
    public const int FrameCount = 41, Height = 192, Width = 256;

    public static Clip[] Of(IReadOnlyList<Scene> scenes, int height = Height, int width = Width)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var video = SceneRenderer.Render(scenes, FrameCount, height, width, CPU);
        var bytes = video.add(1).mul(127.5).round().clamp(0, 255).to(uint8).permute(0, 2, 3, 4, 1).contiguous().data<byte>().ToArray();
        var size = height * width * 3;
        return [.. Enumerable.Range(0, scenes.Count).Select(i => new Clip(
            width, height, [.. Enumerable.Range(0, FrameCount).Select(t => bytes.AsSpan((i * FrameCount + t) * size, size).ToArray())]))];
    }

    public static Clip Of(Scene scene) => Of([scene])[0];

    /// <summary>The scene that a family draws for chosen attributes.</summary>
    public static Clip Of(SceneFamily family, SceneAttributes attributes, ulong seed = 3)
    {
        var stage = new Stage();
        family.Compose(attributes, new Dice(seed, 0, 0), stage);
        return Of(new Scene(family, attributes, "", new HashSet<string>(), stage.Sky, stage.Layers, stage.Objects));
    }

    public static SceneFamily Family<T>() => SceneFamily.All.Single(family => family is T);
}
