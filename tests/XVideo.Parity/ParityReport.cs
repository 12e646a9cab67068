using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Parity;

/// <summary>Collects the outcomes and prints each as it comes.</summary>
public sealed class ParityReport(TextWriter output)
{
    private readonly List<CheckResult> _checks = [];
    private readonly List<string> _notCovered = [];

    /// <summary>All outcomes so far.</summary>
    public IReadOnlyList<CheckResult> Checks => _checks;

    /// <summary>Goldens that this version has nothing to compare with.</summary>
    public IReadOnlyList<string> NotCovered => _notCovered;

    /// <summary>Number of passed checks.</summary>
    public int Passed => _checks.Count(check => check.Passed);

    /// <summary>Number of failed checks.</summary>
    public int Failed => _checks.Count - Passed;

    /// <summary>Compares a tensor with its reference, element by element.</summary>
    /// <param name="name">Name of the check.</param>
    /// <param name="actual">What this build computes; any type and device.</param>
    /// <param name="expected">The reference, of the same shape.</param>
    /// <param name="tolerance">Largest allowed difference of an element.</param>
    public void Compare(string name, Tensor actual, Tensor expected, double tolerance)
    {
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            Fail(name, $"shape [{string.Join(", ", actual.shape)}], the reference has [{string.Join(", ", expected.shape)}]");
            return;
        }
        using var scope = NewDisposeScope();
        var reference = expected.to(ScalarType.Float64, CPU);
        var difference = (actual.to(ScalarType.Float64, CPU) - reference).abs().max().ToDouble();
        Add(new CheckResult(name, difference, Relative(difference, reference.abs().max().ToDouble()), tolerance, difference <= tolerance));
    }

    /// <summary>Compares host numbers with their reference.</summary>
    public void Compare(string name, IReadOnlyList<double> actual, Tensor expected, double tolerance)
    {
        using var scope = NewDisposeScope();
        Compare(name, tensor([.. actual]), expected, tolerance);
    }

    /// <summary>Counts cases that must agree exactly.</summary>
    /// <param name="name">Name of the check.</param>
    /// <param name="cases">How many there are; none is a failure.</param>
    /// <param name="differences">A sentence for each that differs.</param>
    public void CompareCases(string name, int cases, IReadOnlyList<string> differences) => Add(new CheckResult(
        name, differences.Count, Relative(differences.Count, cases), 0, cases > 0 && differences.Count == 0, cases == 0 ? "the file holds no cases" : differences.FirstOrDefault()));

    /// <summary>Records a check that could not be made.</summary>
    public void Fail(string name, string reason) => Add(new CheckResult(name, double.NaN, double.NaN, double.NaN, false, reason));

    /// <summary>Lists a golden that is neither passed nor failed.</summary>
    public void LeaveOut(string name)
    {
        _notCovered.Add(name);
        output.WriteLine($"  --  {name}: not covered by this version");
    }

    /// <summary>Prints the closing line.</summary>
    public void Close() => output.WriteLine($"{Passed} passed, {Failed} failed");

    private static double Relative(double error, double scale) => error == 0 ? 0 : error / scale;

    private void Add(CheckResult check)
    {
        _checks.Add(check);
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Name,-56} abs {check.MaxAbsoluteError:0.00e+00}  rel {check.MaxRelativeError:0.00e+00}  tolerance {check.Tolerance:0.0e+00}");
        output.WriteLine($"{(check.Passed ? "  ok  " : " FAIL ")}{figures}{(check.Note is null ? "" : $"  {check.Note}")}");
    }
}
