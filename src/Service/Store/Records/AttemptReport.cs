namespace XVideo.Service.Store;

/// <summary>What an attempt cost, kept with it.</summary>
/// <param name="PeakMemoryBytes">Peak memory of the device; <see langword="null"/> when unknown.</param>
/// <param name="Timings">JSON object of seconds by phase; <see langword="null"/> when unknown.</param>
public sealed record AttemptReport(long? PeakMemoryBytes = null, string? Timings = null);
