using System.Globalization;

namespace XVideo.ServiceBench.Crash;

/// <summary>What came of a crash loop.</summary>
public sealed record CrashReport
{
    /// <summary>Processes killed, by the moment.</summary>
    public required IReadOnlyDictionary<KillMoment, int> Kills { get; init; }

    /// <summary>How long it took, without the references.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Creates that were sent, each with a key of its own.</summary>
    public required int Asked { get; init; }

    /// <summary>Jobs in the store.</summary>
    public required int Jobs { get; init; }

    /// <summary>Answers that a kill took away from the client.</summary>
    public required int LostAnswers { get; init; }

    /// <summary>Attempts by how they ended.</summary>
    public required IReadOnlyDictionary<string, int> Attempts { get; init; }

    /// <summary>Most attempts that one job needed.</summary>
    public required int MostAttempts { get; init; }

    /// <summary>Files without a row that kills left behind, all gone after a sweep.</summary>
    public required int Swept { get; init; }

    /// <summary>What is not as it must be; empty is good.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var kills = string.Join(", ", Kills.OrderBy(entry => entry.Key).Select(entry => $"{entry.Value} {Words(entry.Key)}"));
        var attempts = string.Join(", ", Attempts.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Value} {entry.Key}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            killed         {Kills.Values.Sum()} times in {Elapsed.TotalSeconds:0} s: {kills}
            asked for      {Asked} videos ({LostAnswers} answers lost to a kill and asked for again); {Jobs} jobs in the store
            attempts       {Attempts.Values.Sum()}: {attempts}; at most {MostAttempts} for one video
            left by kills  {Swept} files without a row, removed by a sweep
            problems       {(Problems.Count == 0 ? "none: every video there, once, with the bytes of an undisturbed run" : string.Join("\n               ", Problems))}
            """);
    }

    private static string Words(KillMoment moment) => moment switch
    {
        KillMoment.Checkpoint => "after a checkpoint",
        KillMoment.Encoding => "while encoding",
        KillMoment.Publishing => "while publishing",
        _ => "at any time",
    };
}
