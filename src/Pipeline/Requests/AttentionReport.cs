namespace XVideo.Pipeline.Requests;

/// <summary>How self-attention was computed.</summary>
/// <param name="Method">As requested, for example <c>dense</c>.</param>
/// <param name="Kernel">What computed it.</param>
/// <param name="Density">Share of key blocks that was computed, averaged over steps, layers and heads; 1 for dense.</param>
/// <param name="Tokens">Video tokens of one pass.</param>
public sealed record AttentionReport(string Method, string Kernel, double Density, long Tokens);
