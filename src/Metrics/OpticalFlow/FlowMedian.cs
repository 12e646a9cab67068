namespace XVideo.Metrics.OpticalFlow;

/// <summary>Medians of 3x3 values, against single pixels that went astray.</summary>
internal static class FlowMedian
{
    public static float[] Of(float[] values, int width, int height)
    {
        var medians = new float[values.Length];
        Span<float> near = stackalloc float[9];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                for (var i = 0; i < 9; i++) near[i] = values[Math.Clamp(y + i / 3 - 1, 0, height - 1) * width + Math.Clamp(x + i % 3 - 1, 0, width - 1)];
                medians[y * width + x] = Middle(near);
            }
        return medians;
    }

    // Nineteen exchanges find the fifth of nine.
    private static float Middle(Span<float> v)
    {
        Order(v, 1, 2); Order(v, 4, 5); Order(v, 7, 8); Order(v, 0, 1); Order(v, 3, 4); Order(v, 6, 7); Order(v, 1, 2); Order(v, 4, 5); Order(v, 7, 8);
        Order(v, 0, 3); Order(v, 5, 8); Order(v, 4, 7); Order(v, 3, 6); Order(v, 1, 4); Order(v, 2, 5); Order(v, 4, 7); Order(v, 4, 2); Order(v, 6, 4); Order(v, 4, 2);
        return v[4];
    }

    private static void Order(Span<float> v, int low, int high) => (v[low], v[high]) = (Math.Min(v[low], v[high]), Math.Max(v[low], v[high]));
}
