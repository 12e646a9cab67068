using XVideo.Video;

namespace XVideo.Evaluation.Clips;

/// <summary>Finds out what a clip should show: by the user's list, else by what the file says of itself, else by its name.</summary>
/// <param name="list">Prompts by clip names; <see langword="null"/>: there is no list.</param>
/// <param name="suite">With one, a name counts as a prompt only if it is one of its prompts.</param>
/// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
internal sealed class PromptFinder(IReadOnlyDictionary<string, string>? list, VBenchSuite? suite, string? ffmpegPath)
{
    /// <summary>The clip with what was found.</summary>
    /// <exception cref="VideoFileException">The file had to be opened and could not be.</exception>
    public VideoClip Find(VideoClip clip)
    {
        var named = ClipName.Split(Path.GetFileName(clip.Name));
        clip = clip with { Number = named?.Number };
        if (list is not null) return list.TryGetValue(clip.Name, out var listed) ? clip with { Prompt = listed, Origin = PromptOrigin.List } : clip;
        // VBench's own rule: the generator may have seen a longer text, and the name keeps the short one.
        if (suite is not null && suite.Find(named?.Prompt) is not null) return clip with { Prompt = named!.Value.Prompt, Origin = PromptOrigin.FileName };
        if (VideoMetadata.Read(clip.Path, ffmpegPath)?.Entries.FirstOrDefault(entry => entry.Key == "prompt").Value is { Length: > 0 } own)
            return clip with { Prompt = own, Origin = PromptOrigin.Metadata };
        return named is { } split && split.Prompt.Contains(' ') ? clip with { Prompt = split.Prompt, Origin = PromptOrigin.FileName } : clip;
    }
}
