using XVideo.Scenes;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>An endless, repeatable stream of training scenes: position n of a seed is the same scene on every machine.</summary>
internal sealed class Clips(ulong seed, ClipSize size, Device device, long position = 0)
{
    /// <summary>The next scene's number; a checkpoint keeps it.</summary>
    public long Position { get; private set; } = position;

    public IReadOnlyList<Scene> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => SceneGrammar.Sample(seed, Position++, Split.Train))];

    /// <summary>[count, 3, frames, height, width] float32 in −1…1.</summary>
    public Tensor Render(IReadOnlyList<Scene> scenes) =>
        SceneRenderer.Render(scenes, size.Frames, size.Height, size.Width, device);
}
