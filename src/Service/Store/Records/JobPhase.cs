namespace XVideo.Service.Store;

/// <summary>What a running job is doing.</summary>
public enum JobPhase
{
    /// <summary>Not running.</summary>
    Queued,

    /// <summary>The worker loads the model.</summary>
    Loading,

    /// <summary>The prompt goes through the text encoder.</summary>
    TextEncode,

    /// <summary>The transformer's steps.</summary>
    Denoise,

    /// <summary>Latents become frames.</summary>
    VaeDecode,

    /// <summary>Frames become a file.</summary>
    Encode,

    /// <summary>The file is moved to its place and the row is written.</summary>
    Publish,
}
