namespace XVideo.Hosting;

/// <summary>What is being done for a video.</summary>
public enum VideoPhase
{
    /// <summary>Another generation has the device.</summary>
    Waiting,

    /// <summary>The model is opened.</summary>
    Loading,

    /// <summary>The prompt becomes vectors.</summary>
    EncodingPrompt,

    /// <summary>Noise becomes latents, step by step.</summary>
    Denoising,

    /// <summary>Latents become frames, and frames the file.</summary>
    Decoding,

    /// <summary>The file is there.</summary>
    Finished,
}
