using XVideo.Evaluation.Clips;

namespace XVideo.Evaluation.Measures;

/// <summary>Networks in memory.</summary>
/// <param name="Begin">Makes a meter for a clip.</param>
/// <param name="Networks">What is freed in the end.</param>
internal sealed record LoadedNetworks(Func<ClipFacts, IMeter> Begin, params IDisposable[] Networks);
