using XVideo.Metrics.Networks.Files;

namespace XVideo.Metrics.Networks;

/// <summary>A network that a metric needs, with the files its parameters came from. Runs in float32 whatever the files store.</summary>
/// <remarks>Parameters are never changed, so one network may be used from several threads.</remarks>
public abstract class MetricNetwork : IDisposable
{
    /// <summary>The files; empty when the parameters came from elsewhere.</summary>
    public IReadOnlyList<NetworkWeights> Files { get; private set; } = [];

    /// <summary>Frees the parameters that were loaded from files.</summary>
    public virtual void Dispose()
    {
        foreach (var file in Files) file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a network the owner of its sources.</summary>
    internal static T Own<T>(T network, params NetworkWeights[] files) where T : MetricNetwork
    {
        network.Files = files;
        return network;
    }
}
