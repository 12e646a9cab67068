namespace XVideo.Service.Worker;

/// <summary>Why a running attempt is to end before its time.</summary>
internal enum StopReason
{
    /// <summary>Its owner cancelled or deleted the job.</summary>
    Canceled,

    /// <summary>The job is somebody else's, or may be by now: nothing of this attempt counts.</summary>
    Lost,

    /// <summary>The process ends.</summary>
    Draining,

    /// <summary>The engine did not get on.</summary>
    Stalled,

    /// <summary>The attempt took longer than any may.</summary>
    TimedOut,
}
