namespace XVideo.Metrics.Networks.Files;

/// <summary>What a published weight file is and holds: for loading it, and for telling people which one is missing.</summary>
/// <param name="FileName">Its published name, for example <c>dino_vitbase16_pretrain.pth</c>; a safetensors file with the same keys is as good.</param>
/// <param name="Contents">What it is in a few words, for messages.</param>
/// <param name="IsIgnored">Whether a key belongs to a part of the published file that the network does not need.</param>
internal sealed record NetworkFile(string FileName, string Contents, Func<string, bool> IsIgnored);
