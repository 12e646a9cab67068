namespace XVideo.Pipeline.Requests;

/// <summary>The device that was asked for by name cannot be used here.</summary>
/// <param name="device">As asked for, for example <c>cuda:1</c>.</param>
/// <param name="reason">Why not, and what to do: one or two sentences.</param>
public sealed class DeviceNotAvailableException(string device, string reason) : Exception($"Device {device} cannot be used: {reason}")
{
    /// <summary>As asked for.</summary>
    public string Device { get; } = device;
}
