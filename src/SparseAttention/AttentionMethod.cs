namespace XVideo.SparseAttention;

/// <summary>A way to choose what self-attention looks at.</summary>
/// <param name="Name">As in requests and reports.</param>
/// <param name="Description">What it does, a phrase.</param>
/// <param name="Settings">The settings that it reads besides backend and method, by the names of their options.</param>
public sealed record AttentionMethod(string Name, string Description, IReadOnlyList<string> Settings)
{
    private static readonly string[] Schedule = ["block-size", "dense-warmup", "dense-first-layers", "dense-last-layers"];
    private static readonly string[] Rule = ["threshold", "density", "min-blocks", "max-blocks", "keeps-first-block", "mask-refresh"];

    /// <summary>Every token sees every token.</summary>
    public static AttentionMethod Dense { get; } = new("dense", "every token sees every token", []);

    /// <summary>Blocks chosen by antidiagonal sums.</summary>
    public static AttentionMethod XAttention { get; } = new("xattention", "blocks chosen anew from sums along antidiagonals", ["stride", .. Rule, .. Schedule]);

    /// <summary>A sliding box in time and space, or the nearest blocks up to a density.</summary>
    public static AttentionMethod Window { get; } = new("window", "a box around each token in time and space", ["window", "density", .. Schedule]);

    /// <summary>Blocks chosen by their exact weight; slower than dense attention, the measure of other methods.</summary>
    public static AttentionMethod Oracle { get; } = new("oracle", "blocks chosen by their exact weight; slow, to judge the others", [.. Rule, .. Schedule]);

    /// <summary>Blocks drawn by lot: the baseline that other methods have to beat.</summary>
    public static AttentionMethod Random { get; } = new("random", "blocks drawn by lot, a baseline to judge the others", ["density", "mask-refresh", .. Schedule]);

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<AttentionMethod> All { get; } = [Dense, XAttention, Window, Oracle, Random];

    /// <summary>The names of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    /// <summary>The method of a name, or <see langword="null"/>.</summary>
    public static AttentionMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
