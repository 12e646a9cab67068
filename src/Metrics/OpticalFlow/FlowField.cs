namespace XVideo.Metrics.OpticalFlow;

/// <summary>Where each pixel of a picture went in the next one.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="X">[Height, Width] pixels to the right.</param>
/// <param name="Y">[Height, Width] pixels down.</param>
public sealed record FlowField(int Width, int Height, float[] X, float[] Y);
