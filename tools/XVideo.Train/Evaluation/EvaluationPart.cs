using System.Globalization;

namespace XVideo.Train.Evaluation;

/// <summary>The share of the captions that one process takes: those whose number leaves <paramref name="Index"/> when divided by <paramref name="Count"/>.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">Processes in all, 1 to <see cref="MaximumCount"/>.</param>
internal sealed record EvaluationPart(int Index, int Count)
{
    public const int MaximumCount = 999;

    /// <summary>Everything.</summary>
    public static EvaluationPart Whole { get; } = new(0, 1);

    /// <summary>Reads for example <c>3/8</c>; <see langword="null"/> when it is not such a text.</summary>
    public static EvaluationPart? Parse(string text) =>
        text.Split('/') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= MaximumCount && index < count
            ? new EvaluationPart(index, count)
            : null;

    public bool Takes(int caption) => caption % Count == Index;

    /// <summary>For example <c>3of8</c>.</summary>
    public override string ToString() => $"{Index}of{Count}";
}
