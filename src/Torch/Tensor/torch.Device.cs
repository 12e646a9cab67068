namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA { get; } = new(DeviceType.CUDA, 0);

    public static Device device(string description) => new(description);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>Where a tensor lives: <c>cpu</c> or <c>cuda:index</c>.</summary>
    public sealed class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CPU ? -1 : Math.Max(index, 0);
        }

        public Device(string description)
        {
            var parts = (description ?? throw new ArgumentNullException(nameof(description))).Split(':');
            type = parts[0].ToLowerInvariant() switch
            {
                "cpu" => DeviceType.CPU,
                "cuda" => DeviceType.CUDA,
                _ => throw new ArgumentException($"Device '{description}' is not known. Allowed: cpu, cuda, cuda:N.", nameof(description)),
            };
            var number = 0;
            if (parts.Length > 2 || (parts.Length == 2 && (!int.TryParse(parts[1], out number) || number < 0)))
                throw new ArgumentException($"Device '{description}' has no valid index. Allowed: cpu, cuda, cuda:N.", nameof(description));
            index = type == DeviceType.CPU ? -1 : number;
        }

        public DeviceType type { get; }

        public int index { get; }

        public override string ToString() => type == DeviceType.CPU ? "cpu" : $"{type.ToString().ToLowerInvariant()}:{index}";

        public static implicit operator Device(string description) => new(description);
    }
}
