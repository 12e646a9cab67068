namespace XVideo.Service.Store;

/// <summary>How far an attempt has got.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Step">Steps done, 0…<paramref name="StepsTotal"/>.</param>
/// <param name="StepsTotal">Steps in all.</param>
/// <param name="Percent">0…99; a smaller one than reported before is ignored.</param>
/// <param name="Eta">Estimated time left; <see langword="null"/> when unknown.</param>
public sealed record JobProgress(JobPhase Phase, int Step, int StepsTotal, int Percent, TimeSpan? Eta = null);
