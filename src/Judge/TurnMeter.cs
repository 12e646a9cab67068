namespace XVideo.Judge;

/// <summary>How far an outline turns over a clip, by the rotation that fits each frame best to the one before.</summary>
internal static class TurnMeter
{
    /// <summary>Rays: 26°. A hexagon repeats after 60°, so more could not be told from a turn the other way.</summary>
    private const int MostShift = 7;

    /// <summary>A steady turn goes the same way in most frames; a jumble does not.</summary>
    private const double LeastAgreement = 0.8;

    /// <summary>Frames from which on every second one is compared: slow turns then stand out from the wobble of an outline.</summary>
    private const int FramesForPairs = 33;

    /// <summary>Degrees over all frames, clockwise positive; 0 when it does not turn steadily.</summary>
    public static double Of(IReadOnlyList<double[]> frames)
    {
        var gap = frames.Count < FramesForPairs ? 1 : 2;
        var shifts = Enumerable.Range(gap, Math.Max(0, frames.Count - gap)).Select(i => Shift(frames[i], frames[i - gap])).ToArray();
        var total = shifts.Sum();
        var agreeing = shifts.Count(shift => Math.Sign(shift) == Math.Sign(total));
        return shifts.Length == 0 || agreeing < LeastAgreement * shifts.Length ? 0 : shifts.Average() / gap * (frames.Count - 1) * 360 / RadialOutline.RayCount;
    }

    /// <summary>The best shift in rays, between rays by a parabola through its neighbours.</summary>
    private static double Shift(double[] now, double[] before)
    {
        var errors = Enumerable.Range(-MostShift, 2 * MostShift + 1).Select(shift => ShapeNames.DifferenceAt(now, before, shift + now.Length)).ToArray();
        var best = Enumerable.Range(1, errors.Length - 2).MinBy(i => errors[i]);
        var bend = errors[best - 1] - 2 * errors[best] + errors[best + 1];
        var between = bend <= 1e-12 ? 0 : Math.Clamp((errors[best - 1] - errors[best + 1]) / (2 * bend), -0.5, 0.5);
        return best - MostShift + between;
    }
}
