namespace XVideo.Torch.Safetensors;

/// <summary>A tensor as the header states it; <paramref name="Begin"/> and <paramref name="End"/> count from the end of the header.</summary>
internal readonly record struct HeaderTensor(string Name, SafetensorsDType DType, long[] Shape, long Begin, long End);
