namespace XVideo.Service.Api.Replies;

/// <summary>How far a running job is.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Step">Units of the phase that are done.</param>
/// <param name="StepsTotal">Units of the phase.</param>
/// <param name="Progress">Percent of the whole job.</param>
/// <param name="EtaSeconds">Estimate of the time left; null while there is none.</param>
public sealed record ProgressEvent(string Phase, int Step, int StepsTotal, int Progress, double? EtaSeconds);
