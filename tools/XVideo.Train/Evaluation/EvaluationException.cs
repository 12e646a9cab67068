namespace XVideo.Train.Evaluation;

/// <summary>What was asked cannot be evaluated: wrong options, or results in the folder that do not belong together.</summary>
internal sealed class EvaluationException(string message) : Exception(message);
