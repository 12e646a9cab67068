namespace XVideo.Service.Store;

/// <summary>Where a job can be resumed; one per job.</summary>
/// <param name="Epoch">Of the attempt that wrote it.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Path">Relative to the store of files, with '/'.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, 32 bytes.</param>
/// <param name="ConfigHash">Of everything that must be the same for it to be of use, 32 bytes.</param>
public sealed record Checkpoint(long Epoch, int Step, string Path, long Bytes, byte[] Sha256, byte[] ConfigHash);
