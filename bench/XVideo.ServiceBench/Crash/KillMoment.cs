namespace XVideo.ServiceBench.Crash;

/// <summary>When a process is killed.</summary>
public enum KillMoment
{
    /// <summary>Some time after it could work.</summary>
    AnyTime,

    /// <summary>Soon after a checkpoint was written: while it denoises, or as it begins to decode.</summary>
    Checkpoint,

    /// <summary>Soon after the video's file was begun: while it decodes and ffmpeg encodes.</summary>
    Encoding,

    /// <summary>At once when a file comes to its last place: between the renames and the row that makes them count.</summary>
    Publishing,
}
