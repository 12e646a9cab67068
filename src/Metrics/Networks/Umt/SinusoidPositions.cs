namespace XVideo.Metrics.Networks.Umt;

/// <summary>UMT's fixed positions: sines and cosines made for 8 times of 14x14 patches, stretched linearly to 16 times.</summary>
internal static class SinusoidPositions
{
    private const int TrainedTimes = 8, Patches = 14 * 14;
    private const double Base = 10000;

    /// <summary>The table.</summary>
    /// <param name="times">Times wanted.</param>
    /// <param name="width">Model width E.</param>
    /// <returns>times·196·width numbers: time after time, patch after patch.</returns>
    public static float[] Make(int times, int width)
    {
        var trained = new float[TrainedTimes * Patches * width];
        for (var position = 0; position < TrainedTimes * Patches; position++)
        {
            for (var i = 0; i < width; i++)
            {
                var angle = position / Math.Pow(Base, 2 * (i / 2) / (double)width);
                trained[(position * width) + i] = (float)(i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }
        return Stretch(trained, times, Patches * width);
    }

    private static float[] Stretch(float[] trained, int times, int stride)
    {
        var table = new float[times * stride];
        for (var time = 0; time < times; time++)
        {
            var source = Math.Max(((time + 0.5f) * TrainedTimes / times) - 0.5f, 0);
            var before = (int)source;
            var after = Math.Min(before + 1, TrainedTimes - 1);
            var fraction = source - before;
            for (var i = 0; i < stride; i++) table[(time * stride) + i] = ((1 - fraction) * trained[(before * stride) + i]) + (fraction * trained[(after * stride) + i]);
        }
        return table;
    }
}
