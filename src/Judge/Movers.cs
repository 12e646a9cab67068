using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Things of one colour that move in front of a scene: the colour that moves most, and where it is in each frame.</summary>
/// <param name="Color">The most frequent named colour among the moving pixels.</param>
/// <param name="Mean">Mean of the pixels of that name.</param>
/// <param name="Frames">Blobs of that colour in each frame, the largest first.</param>
internal sealed record Movers(NamedColor Color, Rgb Mean, Blob[][] Frames)
{
    private const float LeastDistance = 0.18f;

    /// <summary>How far a pixel may be from the mean colour of the things: shaded sides are.</summary>
    private const float NearColor = 0.33f;

    /// <summary>Looks for things in the rows from <paramref name="top"/> to <paramref name="bottom"/> (fractions of the height).</summary>
    /// <param name="plate">[Height, Width, 3], or [Height, 3] for one colour per row.</param>
    /// <param name="leastShare">Smallest thing, as a share of the picture.</param>
    public static Movers? Of(Film film, byte[] plate, double leastShare, double top = 0, double bottom = 1)
    {
        var distances = new float[film.Width * film.Height];
        var least = Math.Max(4, (int)(leastShare * film.Width * film.Height));
        var masks = film.Frames.Select(frame => WithoutSpecks(Mask(film, frame, plate, distances, top, bottom), film.Width, least)).ToArray();
        if (Vote(film, masks) is not { } vote)
        {
            return null;
        }

        var mean = MeanOf(film, masks, vote);
        var frames = film.Frames.Zip(masks, (frame, mask) =>
        {
            for (var i = 0; i < mask.Length; i++)
            {
                mask[i] &= Picture.ColorAt(frame, i).Distance(mean) < NearColor;
            }

            return Components.Take(mask, film.Width, least).ToArray();
        }).ToArray();
        return new(vote, mean, frames);
    }

    /// <summary>Drops what is too small to be a thing: twinkling stars, bubbles, noise.</summary>
    private static bool[] WithoutSpecks(bool[] mask, int width, int least)
    {
        var kept = new bool[mask.Length];
        foreach (var pixel in Components.Take(mask, width, least).SelectMany(blob => blob.Pixels))
        {
            kept[pixel] = true;
        }

        return kept;
    }

    private static bool[] Mask(Film film, byte[] frame, byte[] plate, float[] distances, double top, double bottom)
    {
        Figures.Distances(film, frame, plate, distances);
        var mask = new bool[distances.Length];
        var end = Math.Min(distances.Length, (int)(bottom * film.Height) * film.Width);
        for (var i = (int)(top * film.Height) * film.Width; i < end; i++)
        {
            mask[i] = distances[i] > LeastDistance;
        }

        return mask;
    }

    /// <summary>The most frequent named colour; null when too little moves, or no colour stands out.</summary>
    private static NamedColor? Vote(Film film, bool[][] masks)
    {
        var names = Enum.GetValues<NamedColor>();
        var votes = new int[names.Length];
        var moving = 0;
        foreach (var (frame, mask) in film.Frames.Zip(masks))
        {
            for (var i = 0; i < mask.Length; i++)
            {
                if (mask[i])
                {
                    moving++;
                    var name = ColorNames.IndexOf(frame[i * 3], frame[i * 3 + 1], frame[i * 3 + 2]);
                    votes[Math.Max(name, 0)] += name < 0 ? 0 : 1;
                }
            }
        }

        var most = Enumerable.Range(0, votes.Length).MaxBy(i => votes[i]);
        return votes[most] < 0.25 * moving || moving < 30 * film.Frames.Count ? null : names[most];
    }

    private static Rgb MeanOf(Film film, bool[][] masks, NamedColor vote)
    {
        var (r, g, b, count) = (0.0, 0.0, 0.0, 0);
        foreach (var (frame, mask) in film.Frames.Zip(masks))
        {
            for (var i = 0; i < mask.Length; i++)
            {
                if (mask[i] && ColorNames.IndexOf(frame[i * 3], frame[i * 3 + 1], frame[i * 3 + 2]) == (int)vote)
                {
                    (r, g, b, count) = (r + frame[i * 3], g + frame[i * 3 + 1], b + frame[i * 3 + 2], count + 1);
                }
            }
        }

        return new(r / count / 255, g / count / 255, b / count / 255);
    }
}
