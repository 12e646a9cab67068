namespace XVideo.Metrics;

/// <summary>The size of a frame of interleaved 8-bit RGB.</summary>
public readonly record struct FrameSize
{
    /// <summary>The longest side that is accepted, in pixels.</summary>
    public const int LongestSide = 16_384;

    /// <summary>Creates a size.</summary>
    /// <param name="width">Pixels, 1 to <see cref="LongestSide"/>.</param>
    /// <param name="height">Pixels, 1 to <see cref="LongestSide"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is outside its range.</exception>
    public FrameSize(int width, int height)
    {
        (Width, Height) = (Checked(width, nameof(width)), Checked(height, nameof(height)));
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The shorter side in pixels.</summary>
    public int ShortSide => Math.Min(Width, Height);

    /// <summary>Bytes of a frame: width · height · 3.</summary>
    public int SizeInBytes => Width * Height * 3;

    /// <summary>For example <c>832x480</c>.</summary>
    public override string ToString() => $"{Width}x{Height}";

    /// <summary>Refuses a frame of another length.</summary>
    /// <exception cref="ArgumentException">The length is not that of a frame of this size.</exception>
    internal void Require(ReadOnlySpan<byte> frame, string name)
    {
        if (frame.Length != SizeInBytes)
        {
            throw new ArgumentException(
                $"A frame has {frame.Length} bytes; a frame of {this} has {SizeInBytes} (height·width·3, rgb24). Give whole frames of one size.", name);
        }
    }

    /// <summary>Refuses the size that nobody set.</summary>
    /// <exception cref="ArgumentException">It is <see langword="default"/>.</exception>
    internal void RequireSet(string name)
    {
        if (Width == 0)
        {
            throw new ArgumentException($"The frame size is {this}, the default value: both sides must be 1 to {LongestSide} pixels.", name);
        }
    }

    private static int Checked(int side, string name) => side is >= 1 and <= LongestSide
        ? side
        : throw new ArgumentOutOfRangeException(name, $"The {name} of a frame is {side}; it must be 1 to {LongestSide} pixels.");
}
