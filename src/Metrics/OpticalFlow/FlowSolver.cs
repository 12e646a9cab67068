using System.Numerics;

namespace XVideo.Metrics.OpticalFlow;

/// <summary>Improves a flow at one size of two pictures.</summary>
/// <remarks>
/// Minimises ∫ λ|ρ(u)| + |∇u₁| + |∇u₂| + κ(|u₁| + |u₂|) with ρ linear around the flow so far, by splitting: a step on the levels pixel by pixel, and one on the variation in its dual variables p.
/// </remarks>
internal sealed class FlowSolver
{
    private const int Iterations = 25;
    private const float DataWeight = 0.15f;   // λ, for levels of 0 to 255
    private const float Coupling = 0.3f;      // θ
    private const float DualStep = 0.25f;     // τ

    // κ: where levels say nothing, as on the flat ground beside a moving thing, stillness is the cheaper guess. Textures outweigh it easily.
    private const float StillnessWeight = 0.01f;

    private const float LargestStep = DataWeight * Coupling;

    // A gradient below it is noise of 8-bit levels.
    private const float SmallestGradient = 0.05f;

    private readonly float _pull;
    private readonly GrayImage _from, _to;
    private readonly int _width, _height;
    private readonly float[] _slopeX, _slopeY;

    private readonly float[] _dualXx, _dualXy, _dualYx, _dualYy;
    private readonly float[] _gradientX, _gradientY, _constant, _inverse;

    /// <param name="from">The first picture.</param>
    /// <param name="to">The second.</param>
    /// <param name="scale">Pixels of the original in one of these: stillness weighs as much at all sizes.</param>
    public FlowSolver(GrayImage from, GrayImage to, int scale)
    {
        // The guess is made on the smaller pictures; at full size it would only pull at motion that was found.
        _pull = scale > 1 ? StillnessWeight * Coupling * scale : 0;
        (_from, _to, _width, _height) = (from, to, from.Width, from.Height);
        var size = _width * _height;
        (_gradientX, _gradientY, _constant, _inverse) = (new float[size], new float[size], new float[size], new float[size]);
        (_dualXx, _dualXy, _dualYx, _dualYy) = (new float[size], new float[size], new float[size], new float[size]);
        (_slopeX, _slopeY) = (new float[size], new float[size]);
        for (var y = 0; y < _height; y++)
            for (var x = 0; x < _width; x++)
            {
                _slopeX[y * _width + x] = (Level(x + 1, y) - Level(x - 1, y)) / 2;
                _slopeY[y * _width + x] = (Level(x, y + 1) - Level(x, y - 1)) / 2;
            }
    }

    /// <summary>A better flow, in new storage.</summary>
    public FlowField Improve(FlowField start)
    {
        Linearize(start);
        var flow = new FlowField(_width, _height, [.. start.X], [.. start.Y]);
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            for (var y = 0; y < _height; y++)
            {
                UpdateFlow(flow, y);
                // The row above has all neighbours that it needs now, and nobody needs its old duals any more.
                if (y > 0) UpdateDuals(flow, y - 1);
            }
            UpdateDuals(flow, _height - 1);
        }
        return new(_width, _height, FlowMedian.Of(flow.X, _width, _height), FlowMedian.Of(flow.Y, _width, _height));
    }

    private float Level(int x, int y) => _to.Levels[Math.Clamp(y, 0, _height - 1) * _width + Math.Clamp(x, 0, _width - 1)];

    // ρ(u) = constant + gradient · u, from the second picture brought back along the flow so far.
    private void Linearize(FlowField flow)
    {
        var (slopeX, slopeY) = (new GrayImage(_width, _height, _slopeX), new GrayImage(_width, _height, _slopeY));
        for (var y = 0; y < _height; y++)
            for (var x = 0; x < _width; x++)
            {
                var i = y * _width + x;
                var (toX, toY) = (x + flow.X[i], y + flow.Y[i]);
                // What left the picture has nothing to be compared with.
                var isInside = _to.Contains(toX, toY);
                var (dx, dy) = isInside ? (slopeX.At(toX, toY), slopeY.At(toX, toY)) : (0, 0);
                var square = dx * dx + dy * dy;
                (_gradientX[i], _gradientY[i]) = (dx, dy);
                _constant[i] = isInside ? _to.At(toX, toY) - dx * flow.X[i] - dy * flow.Y[i] - _from.Levels[i] : 0;
                _inverse[i] = square > SmallestGradient * SmallestGradient ? 1 / square : 0;
            }
    }

    private void UpdateFlow(FlowField flow, int y)
    {
        var (start, above) = (y * _width, Math.Max(y - 1, 0) * _width);
        var hasAbove = y > 0 ? 1f : 0f;
        var isLast = y == _height - 1;
        var x = 0;
        // The first and last columns have one neighbour less.
        Flow(flow, start, above, hasAbove, isLast, x++);
        var lanes = Vector<float>.Count;
        var below = new Vector<float>(isLast ? 0 : 1);
        for (; x + lanes < _width; x += lanes)
        {
            var i = start + x;
            var (u, v) = (new Vector<float>(flow.X, i), new Vector<float>(flow.Y, i));
            var (dx, dy) = (new Vector<float>(_gradientX, i), new Vector<float>(_gradientY, i));
            var rho = new Vector<float>(_constant, i) + dx * u + dy * v;
            var step = Vector.Max(new Vector<float>(-LargestStep), Vector.Min(new Vector<float>(LargestStep), -rho * new Vector<float>(_inverse, i)));
            var divergenceX = new Vector<float>(_dualXx, i) - new Vector<float>(_dualXx, i - 1) + below * new Vector<float>(_dualXy, i) - hasAbove * new Vector<float>(_dualXy, above + x);
            var divergenceY = new Vector<float>(_dualYx, i) - new Vector<float>(_dualYx, i - 1) + below * new Vector<float>(_dualYy, i) - hasAbove * new Vector<float>(_dualYy, above + x);
            Pulled(u + step * dx + Coupling * divergenceX).CopyTo(flow.X, i);
            Pulled(v + step * dy + Coupling * divergenceY).CopyTo(flow.Y, i);
        }
        for (; x < _width; x++) Flow(flow, start, above, hasAbove, isLast, x);
    }

    private void Flow(FlowField flow, int start, int above, float hasAbove, bool isLast, int x)
    {
        var i = start + x;
        var rho = _constant[i] + _gradientX[i] * flow.X[i] + _gradientY[i] * flow.Y[i];
        var step = Math.Clamp(-rho * _inverse[i], -LargestStep, LargestStep);
        flow.X[i] = Pulled(flow.X[i] + step * _gradientX[i] + Coupling * Divergence(_dualXx, _dualXy));
        flow.Y[i] = Pulled(flow.Y[i] + step * _gradientY[i] + Coupling * Divergence(_dualYx, _dualYy));

        float Divergence(float[] right, float[] down) =>
            (x < _width - 1 ? right[i] : 0) - (x > 0 ? right[i - 1] : 0) + (isLast ? 0 : down[i]) - hasAbove * down[above + x];
    }

    private Vector<float> Pulled(Vector<float> value) =>
        Vector.Max(value - new Vector<float>(_pull), Vector<float>.Zero) + Vector.Min(value + new Vector<float>(_pull), Vector<float>.Zero);

    private float Pulled(float value) => Math.Max(value - _pull, 0) + Math.Min(value + _pull, 0);

    private void UpdateDuals(FlowField flow, int y)
    {
        UpdateDuals(flow.X, _dualXx, _dualXy, y);
        UpdateDuals(flow.Y, _dualYx, _dualYy, y);
    }

    private void UpdateDuals(float[] flow, float[] right, float[] down, int y)
    {
        const float rate = DualStep / Coupling;
        var (start, lanes, x) = (y * _width, Vector<float>.Count, 0);
        var isLast = y == _height - 1;
        for (; !isLast && x + lanes < _width; x += lanes)
        {
            var i = start + x;
            var value = new Vector<float>(flow, i);
            var (dx, dy) = (new Vector<float>(flow, i + 1) - value, new Vector<float>(flow, i + _width) - value);
            var scale = Vector<float>.One / (Vector<float>.One + rate * Vector.SquareRoot(dx * dx + dy * dy));
            ((new Vector<float>(right, i) + rate * dx) * scale).CopyTo(right, i);
            ((new Vector<float>(down, i) + rate * dy) * scale).CopyTo(down, i);
        }
        for (; x < _width; x++)
        {
            var i = start + x;
            var (dx, dy) = (x < _width - 1 ? flow[i + 1] - flow[i] : 0, isLast ? 0 : flow[i + _width] - flow[i]);
            var scale = 1 / (1 + rate * MathF.Sqrt(dx * dx + dy * dy));
            right[i] = (right[i] + rate * dx) * scale;
            down[i] = (down[i] + rate * dy) * scale;
        }
    }
}
