using XVideo.Judge;

namespace XVideo.Train.Evaluation;

/// <summary>A verdict as it is stored.</summary>
/// <param name="Aspect">Name of an <see cref="XVideo.Judge.Aspect"/>.</param>
/// <param name="Expected">What the caption asks for.</param>
/// <param name="Seen">What the judge read, or <see langword="null"/> when it could read nothing.</param>
/// <param name="IsRight">Whether that is what was asked for.</param>
internal sealed record JudgedAspect(string Aspect, string Expected, string? Seen, bool IsRight)
{
    public static JudgedAspect From(Verdict verdict) => new(verdict.Aspect.ToString(), verdict.Expected, verdict.Seen, verdict.IsRight);
}
