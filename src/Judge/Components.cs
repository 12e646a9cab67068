namespace XVideo.Judge;

/// <summary>Connected components of a mask.</summary>
internal static class Components
{
    /// <summary>Components of at least <paramref name="leastArea"/> pixels, the largest first; neighbours share a side. The mask is used up.</summary>
    public static List<Blob> Take(bool[] mask, int width, int leastArea)
    {
        var blobs = new List<Blob>();
        var stack = new Stack<int>();
        var found = new List<int>();
        for (var start = 0; start < mask.Length; start++)
        {
            if (!mask[start])
            {
                continue;
            }

            found.Clear();
            mask[start] = false;
            stack.Push(start);
            while (stack.TryPop(out var at))
            {
                found.Add(at);
                var x = at % width;
                Visit(at - width, at >= width);
                Visit(at + width, at + width < mask.Length);
                Visit(at - 1, x > 0);
                Visit(at + 1, x + 1 < width);
            }

            if (found.Count >= leastArea)
            {
                blobs.Add(Describe([.. found], width));
            }
        }

        blobs.Sort((a, b) => b.Area.CompareTo(a.Area));
        return blobs;

        void Visit(int at, bool inside)
        {
            if (inside && mask[at])
            {
                mask[at] = false;
                stack.Push(at);
            }
        }
    }

    private static Blob Describe(int[] pixels, int width)
    {
        var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, 0, 0);
        var (sumX, sumY) = (0L, 0L);
        foreach (var pixel in pixels)
        {
            var (x, y) = (pixel % width, pixel / width);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            (sumX, sumY) = (sumX + x, sumY + y);
        }

        return new(pixels, (double)sumX / pixels.Length, (double)sumY / pixels.Length, left, top, right, bottom);
    }
}
