using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Makes checks, each independent of the others, and prints what they find as it comes.</summary>
/// <param name="output">Gets the lines.</param>
/// <param name="synchronize">Waits for the GPU, so that what goes wrong there belongs to the check that did it.</param>
/// <param name="hasTimes">Whether times mean anything.</param>
public sealed class CheckReport(TextWriter output, Action synchronize, bool hasTimes)
{
    private const int LongestNote = 400;

    /// <summary>Checks that passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Checks that did not.</summary>
    public int Failed { get; private set; }

    /// <summary>Makes one check, without gradients and in a scope of its own.</summary>
    public void Check(string name, Func<Outcome> check) => CheckAll(name, () => [("", check())]);

    /// <summary>Makes checks that share their work.</summary>
    /// <param name="name">What they have in common.</param>
    /// <param name="check">Gives each with what sets it apart.</param>
    public void CheckAll(string name, Func<IReadOnlyList<(string Part, Outcome Outcome)>> check)
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<(string Part, Outcome Outcome)> outcomes;
        try
        {
            using var scope = NewDisposeScope();
            using var inference = no_grad();
            outcomes = check();
            synchronize();
        }
        catch (Exception error)
        {
            outcomes = [("", Outcome.Failed($"{error.GetType().Name}: {error.Message}"))];
        }
        var milliseconds = clock.Elapsed.TotalMilliseconds;
        foreach (var (part, outcome) in outcomes)
        {
            Print($"{name} {part}".TrimEnd(), outcome, milliseconds);
            milliseconds = 0;
        }
    }

    /// <summary>Prints a line that is no check.</summary>
    public void Say(string line) => output.WriteLine($"  --  {line}");

    /// <summary>Prints the closing line.</summary>
    public void Close() => output.WriteLine($"{Passed} passed, {Failed} failed");

    private void Print(string name, Outcome outcome, double milliseconds)
    {
        if (outcome.Passed) Passed++;
        else Failed++;
        var time = !hasTimes || milliseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");
        var note = (outcome.Note ?? "").ReplaceLineEndings(" ");
        if (note.Length > LongestNote) note = note[..LongestNote] + "…";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(outcome.Passed ? "  ok  " : " FAIL ")}{name,-62} error {outcome.Error,-9:0.##e+0} allowed {outcome.Allowed,-9:0.##e+0} {time,8}  {note}").TrimEnd());
        output.Flush();
    }
}
