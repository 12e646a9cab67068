namespace XVideo.SparseAttention.Quality;

/// <summary>An attention call to look at, in the pass of the prompt.</summary>
/// <param name="Step">Denoising step, from 0.</param>
/// <param name="Layer">Transformer block, from 0.</param>
public readonly record struct ProbePlace(int Step, int Layer)
{
    /// <summary>Steps and layers spread evenly, the first and the last among them; a single one lies in the middle.</summary>
    /// <param name="firstStep">The first step that may be taken, from 0: the longest warm-up.</param>
    /// <param name="stepCount">Denoising steps of the request.</param>
    /// <param name="layerCount">Transformer blocks.</param>
    /// <param name="steps">How many steps, from 0; at most those there are. Default 3.</param>
    /// <param name="layers">How many layers in each, likewise. Default 3.</param>
    /// <returns>By step, then by layer; empty where no step is left.</returns>
    public static IReadOnlyList<ProbePlace> Spread(int firstStep, int stepCount, int layerCount, int steps = 3, int layers = 3) =>
    [
        .. from step in Evenly(firstStep, stepCount, steps)
           from layer in Evenly(0, layerCount, layers)
           select new ProbePlace(step, layer),
    ];

    private static IEnumerable<int> Evenly(int first, int end, int count)
    {
        var places = Math.Clamp(count, 0, Math.Max(0, end - first));
        return places == 1
            ? [(first + end - 1) / 2]
            : Enumerable.Range(0, places).Select(at => first + (int)Math.Round((double)at * (end - 1 - first) / (places - 1), MidpointRounding.AwayFromZero));
    }
}
