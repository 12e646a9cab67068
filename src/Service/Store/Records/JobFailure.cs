namespace XVideo.Service.Store;

/// <summary>Why an attempt failed.</summary>
/// <param name="Code">For programs, for example <c>out_of_memory</c>.</param>
/// <param name="Message">For the job's owner: no paths, no stack. Cut to 500 characters.</param>
/// <param name="IsTransient">Another attempt may succeed: the job is queued again, later each time, until its attempts are used up.</param>
/// <param name="Delay">How long to wait before that, at most a minute; <see langword="null"/>: longer each time.</param>
public sealed record JobFailure(string Code, string Message, bool IsTransient, TimeSpan? Delay = null);
