namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>The network whose features LPIPS compares.</summary>
public enum LpipsTrunk
{
    /// <summary>AlexNet: the one that papers mean when they name none.</summary>
    Alex,

    /// <summary>VGG16 without batch norm.</summary>
    Vgg,

    /// <summary>SqueezeNet 1.1.</summary>
    Squeeze,
}
