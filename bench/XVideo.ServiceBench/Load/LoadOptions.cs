namespace XVideo.ServiceBench.Load;

/// <summary>How much load.</summary>
/// <param name="Seconds">Of each phase but the mixed one.</param>
/// <param name="Clients">That call one after the other without pause.</param>
/// <param name="MixedMinutes">Of the mixed phase.</param>
/// <param name="Queue">PostgreSQL connection string of an empty database; <see langword="null"/>: SQLite.</param>
internal sealed record LoadOptions(double Seconds, int Clients, double MixedMinutes, string? Queue);
