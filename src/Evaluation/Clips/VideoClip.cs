namespace XVideo.Evaluation.Clips;

/// <summary>A video to evaluate.</summary>
/// <param name="Name">Its path below the folder that was searched, with '/', without its extension: the same in two folders that are set against each other.</param>
/// <param name="Path">The file, or the folder of PNG frames.</param>
/// <param name="Prompt">What it should show; <see langword="null"/> where nobody says.</param>
/// <param name="Origin">Where the prompt was found.</param>
/// <param name="Number">The k of a name <c>prompt-k.mp4</c>; <see langword="null"/> for other names.</param>
public sealed record VideoClip(string Name, string Path, string? Prompt = null, PromptOrigin Origin = PromptOrigin.None, int? Number = null);
