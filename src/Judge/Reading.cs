namespace XVideo.Judge;

/// <summary>What was read from the pixels; an aspect that could not be read is absent.</summary>
/// <param name="Seen">Lower-case words, as in <see cref="Expectation.Asked"/>.</param>
public sealed record Reading(IReadOnlyDictionary<Aspect, string> Seen);
