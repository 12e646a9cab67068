namespace XVideo.Metrics.Networks.Frames;

/// <summary>Which frames of a clip a metric looks at.</summary>
public static class FrameSampling
{
    /// <summary>The middle frames of <paramref name="count"/> equal intervals; a clip with fewer frames gives them all and repeats the last.</summary>
    /// <param name="frameCount">Frames of the clip, at least 1.</param>
    /// <param name="count">Frames wanted, at least 1.</param>
    /// <returns>Indices from 0, ascending, <paramref name="count"/> of them.</returns>
    /// <remarks>Source: VBench's sampling called "middle".</remarks>
    public static int[] Middle(int frameCount, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var intervals = Math.Min(count, frameCount);
        int Edge(int i) => (int)((long)i * frameCount / intervals);
        var picked = Enumerable.Range(0, intervals).Select(i => (Edge(i) + Edge(i + 1) - 1) / 2);
        return [.. picked, .. Enumerable.Repeat(frameCount - 1, count - intervals)];
    }
}
