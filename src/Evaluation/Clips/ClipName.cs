using System.Globalization;
using System.Text.RegularExpressions;

namespace XVideo.Evaluation.Clips;

/// <summary>File names as VBench wants them: <c>prompt-k</c>, k from 0.</summary>
internal static partial class ClipName
{
    /// <summary>Prompt and number of a name without its folders and extension; <see langword="null"/> for names of another form.</summary>
    public static (string Prompt, int Number)? Split(string stem) =>
        PromptAndNumber().Match(stem) is { Success: true } match ? (match.Groups["prompt"].Value, int.Parse(match.Groups["k"].Value, CultureInfo.InvariantCulture)) : null;

    [GeneratedRegex(@"^(?<prompt>.*\S)-(?<k>[0-9]{1,6})$")]
    private static partial Regex PromptAndNumber();
}
