namespace XVideo.Service.Api.Replies;

/// <summary>Why a video failed.</summary>
/// <param name="Code">For programs: <c>canceled</c>, <c>out_of_memory</c>, <c>invalid_output</c>, …</param>
/// <param name="Message">For people.</param>
public sealed record VideoError(string Code, string Message);
