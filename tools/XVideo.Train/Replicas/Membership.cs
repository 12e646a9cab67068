namespace XVideo.Train.Replicas;

/// <summary>Which replica a process is, as its parent tells it in the environment.</summary>
/// <param name="Rank">From 0.</param>
/// <param name="Size">Replicas in the group.</param>
/// <param name="Folder">Where they meet; gone after the run.</param>
internal sealed record Membership(int Rank, int Size, string Folder)
{
    public const string Variable = "XVIDEO_TRAIN_REPLICA";

    /// <summary>Null in a process that nobody started as a replica.</summary>
    public static Membership? OfThisProcess() =>
        Environment.GetEnvironmentVariable(Variable)?.Split(' ', 3) is [var rank, var size, var folder] ? new(int.Parse(rank), int.Parse(size), folder) : null;

    public override string ToString() => $"{Rank} {Size} {Folder}";
}
