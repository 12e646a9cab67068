namespace XVideo.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Stage">What is being done: <c>look</c> (files are opened and hashed), <c>measure</c>, <c>report</c>.</param>
/// <param name="Done">Clips finished in this stage.</param>
/// <param name="Total">Clips of this stage, at least 1.</param>
/// <param name="Elapsed">Since the evaluation began.</param>
/// <param name="Remaining">Estimate for the rest of the stage; <see langword="null"/> while there is none.</param>
public readonly record struct EvaluationProgress(string Stage, int Done, int Total, TimeSpan Elapsed, TimeSpan? Remaining);
