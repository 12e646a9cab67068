namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>How LPIPS brings a feature vector f to length 1; the two differ only where f is nearly zero.</summary>
public enum LpipsNorm
{
    /// <summary>f / √(1e-8 + Σf²): torchmetrics from 1.3 on.</summary>
    InsideRoot,

    /// <summary>f / (√Σf² + 1e-10): the <c>lpips</c> package and older torchmetrics.</summary>
    OutsideRoot,
}
