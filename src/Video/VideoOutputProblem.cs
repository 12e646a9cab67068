namespace XVideo.Video;

/// <summary>Why an output path cannot be used.</summary>
public enum VideoOutputProblem
{
    /// <summary>The path is empty or holds a character no file name may have.</summary>
    InvalidPath,

    /// <summary>The folder that should hold the output does not exist.</summary>
    FolderMissing,

    /// <summary>The folder exists but refuses new files: permissions or a read-only file system.</summary>
    NotWritable,

    /// <summary>Something is already there and overwriting was not allowed.</summary>
    Exists,

    /// <summary>What is there is of the wrong kind to be replaced: a folder, a device, a folder with foreign files.</summary>
    WrongKind,

    /// <summary>The file system, a quota or a file-size limit is exhausted.</summary>
    DiskFull,
}
