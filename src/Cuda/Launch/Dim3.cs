namespace XVideo.Cuda.Launch;

/// <summary>Blocks of a grid, or threads of a block, along x, y and z; each at least 1.</summary>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    public static implicit operator Dim3(int x) => new(x);

    /// <summary>For example <c>132×1×1</c>.</summary>
    public override string ToString() => $"{X}×{Y}×{Z}";
}
