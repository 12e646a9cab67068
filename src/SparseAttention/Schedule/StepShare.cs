using System.Globalization;

namespace XVideo.SparseAttention.Schedule;

/// <summary>A number of steps, or a share of all of them.</summary>
public readonly record struct StepShare
{
    private readonly decimal _value;
    private readonly bool _isPercent;

    private StepShare(decimal value, bool isPercent) => (_value, _isPercent) = (value, isPercent);

    /// <summary>So many steps, from 0.</summary>
    public static StepShare OfSteps(int steps) => steps >= 0 ? new(steps, false) : throw new ArgumentOutOfRangeException(nameof(steps), steps, "Steps are counted from 0.");

    /// <summary>A share, 0 to 100.</summary>
    public static StepShare OfPercent(decimal percent) =>
        percent is >= 0 and <= 100 ? new(percent, true) : throw new ArgumentOutOfRangeException(nameof(percent), percent, "A share is 0 to 100 %.");

    /// <summary>Reads <c>5</c> (steps) or <c>10%</c>.</summary>
    /// <returns>False for anything else: negative numbers, parts of steps, more than 100 %.</returns>
    public static bool TryParse(string text, out StepShare share)
    {
        share = default;
        text = text.Trim();
        if (text.EndsWith('%'))
        {
            if (!decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > 100) return false;
            share = new StepShare(percent, true);
            return true;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps)) return false;
        share = new StepShare(steps, false);
        return true;
    }

    /// <summary>How many of <paramref name="stepCount"/> steps. A share is rounded up: 10 % of 25 are 3.</summary>
    public int Of(int stepCount) => _isPercent ? (int)Math.Ceiling(_value * stepCount / 100) : (int)_value;

    /// <summary><c>5</c> or <c>10%</c>.</summary>
    public override string ToString() => _value.ToString(CultureInfo.InvariantCulture) + (_isPercent ? "%" : "");
}
