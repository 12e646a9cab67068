using XVideo.Scenes;
using XVideo.Train.Models;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>An endless, repeatable stream of scenes: position n of a seed is the same scene on every machine. Replicas take turns, so none sees another's.</summary>
internal sealed class Clips(ulong seed, ClipSize size, Device device, ReplicaGroup replicas, long position = 0, Split split = Split.Train)
{
    // Rich families come twice as often: they have the most to learn.
    private static readonly SceneFamily[] Mix = [.. SceneFamily.All, .. SceneFamily.All.Where(family => family.IsRich)];

    /// <summary>The next scene's number, over all replicas; a checkpoint keeps it.</summary>
    public long Position { get; private set; } = position;

    public IReadOnlyList<Scene> Next(int count)
    {
        var first = Position + replicas.Rank;
        Position += (long)count * replicas.Size;
        return [.. Enumerable.Range(0, count).Select(i => Scene(first + ((long)i * replicas.Size)))];
    }

    private Scene Scene(long index) => SceneGrammar.Sample(new Dice(seed, (ulong)index, 1).Pick(Mix), seed, index, split);

    /// <summary>[count, 3, frames, height, width] float32 in −1…1.</summary>
    public Tensor Render(IReadOnlyList<Scene> scenes) =>
        SceneRenderer.Render(scenes, size.Frames, size.Height, size.Width, device);
}
