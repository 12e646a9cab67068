namespace XVideo.Evaluation.Clips;

/// <summary>Where a clip's prompt was found.</summary>
public enum PromptOrigin
{
    /// <summary>Nowhere: the clip has none.</summary>
    None,

    /// <summary>In the list that the user gave.</summary>
    List,

    /// <summary>In the file itself, as this program writes it.</summary>
    Metadata,

    /// <summary>In the file's name, <c>prompt-k.mp4</c>.</summary>
    FileName,
}
