namespace XVideo.Judge;

/// <summary>One asked aspect, judged.</summary>
/// <param name="Seen">Null when the pixels do not show it clearly, which counts as wrong.</param>
public sealed record Verdict(Aspect Aspect, string Expected, string? Seen)
{
    public bool IsRight => Expected == Seen;
}
