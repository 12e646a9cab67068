namespace XVideo.Pipeline.Requests;

/// <summary>Whose fault a failure is. The values are the exit codes of the command line.</summary>
public enum FailureKind
{
    /// <summary>A mistake in this program.</summary>
    Unexpected = 1,

    /// <summary>The request, the options or the configuration: change what was asked.</summary>
    Request = 2,

    /// <summary>The model's files: missing, damaged or of an unknown kind.</summary>
    ModelFiles = 3,

    /// <summary>The machine: something to install, a full or read-only disk, too little memory.</summary>
    Environment = 4,

    /// <summary>Somebody stopped it.</summary>
    Cancelled = 130,
}
