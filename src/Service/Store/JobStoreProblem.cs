namespace XVideo.Service.Store;

/// <summary>What is wrong with the store.</summary>
public enum JobStoreProblem
{
    /// <summary>It cannot be reached, or does not answer in time. Trying again later may help.</summary>
    Unavailable,

    /// <summary>Its disk is full.</summary>
    DiskFull,

    /// <summary>A newer version of this program has changed its tables.</summary>
    TooNew,

    /// <summary>It is a SQLite file in use on another machine.</summary>
    OtherHost,

    /// <summary>Its settings are wrong, or it refused a statement: a defect of the settings or of this program.</summary>
    Refused,
}
