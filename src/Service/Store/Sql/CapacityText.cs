using System.Text.Json;
using XVideo.Pipeline.Memory;

namespace XVideo.Service.Store.Sql;

/// <summary>The capacity of a worker as its column keeps it.</summary>
internal static class CapacityText
{
    public static string? Write(DeviceCapacity? capacity) => capacity is null ? null : JsonSerializer.Serialize(capacity);

    /// <summary><see langword="null"/> also for what a worker of another version wrote and this one does not understand.</summary>
    public static DeviceCapacity? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<DeviceCapacity>(text) is { MemoryInBytes: > 0, NetworkElementBytes: > 0, VaeElementBytes: > 0, Device: not null } capacity ? capacity : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
