namespace XVideo.Judge;

/// <summary>A rectangle of a picture around one thing, with the part of each pixel that the thing covers: 0 to about 1.</summary>
/// <remarks>Everything outside the rectangle counts as uncovered. Coordinates are those of the picture.</remarks>
internal sealed class Patch
{
    private const int Margin = 4;
    private readonly int _left, _top, _width, _height;
    private readonly float[] _values;

    /// <param name="around">Left, top, right and bottom of the thing, in pixels, all included.</param>
    public Patch((int Left, int Top, int Right, int Bottom) around, Func<int, int, double> coverage, int pictureWidth, int pictureHeight)
    {
        (_left, _top) = (Math.Max(0, around.Left - Margin), Math.Max(0, around.Top - Margin));
        (_width, _height) = (Math.Min(pictureWidth, around.Right + Margin + 1) - _left, Math.Min(pictureHeight, around.Bottom + Margin + 1) - _top);
        _values = new float[_width * _height];
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = (float)coverage(_left + i % _width, _top + i / _width);
        }
    }

    public float this[int x, int y]
    {
        get
        {
            var (column, row) = (x - _left, y - _top);
            return column < 0 || row < 0 || column >= _width || row >= _height ? 0 : _values[row * _width + column];
        }
    }

    /// <summary>The value between pixels.</summary>
    public double At(double x, double y)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (fx, fy) = (x - left, y - top);
        return (this[left, top] * (1 - fx) + this[left + 1, top] * fx) * (1 - fy) + (this[left, top + 1] * (1 - fx) + this[left + 1, top + 1] * fx) * fy;
    }
}
