namespace XVideo.Parity;

/// <summary>The outcome of one check.</summary>
/// <param name="Name">Golden folder and what was compared.</param>
/// <param name="MaxAbsoluteError">Largest difference of any element, or the number of differing cases.</param>
/// <param name="MaxRelativeError">The same, divided by the largest magnitude of the reference, or by the number of cases.</param>
/// <param name="Tolerance">The largest absolute error that passes.</param>
/// <param name="Passed">Whether the error is within the tolerance; NaN never is.</param>
/// <param name="Note">Why it failed, where figures do not say it.</param>
public sealed record CheckResult(string Name, double MaxAbsoluteError, double MaxRelativeError, double Tolerance, bool Passed, string? Note = null);
