using XVideo.Parity.Checks;

namespace XVideo.Parity;

/// <summary>A folder of goldens, and the checks that fit it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">How the report calls it.</param>
/// <param name="Families">None: the folder is not covered by this version.</param>
public sealed record GoldenFolder(string Path, string Name, IReadOnlyList<CheckFamily> Families)
{
    /// <summary>Makes all checks. A family that cannot go on becomes a failed check, and the others still run.</summary>
    public void Check(ParityOptions options, ParityReport report)
    {
        if (Families.Count == 0) report.LeaveOut(Name);
        foreach (var family in Families)
        {
            try
            {
                family.Run(this, options, report);
            }
            catch (Exception e)
            {
                report.Fail($"{Name} {family.Title}", e.Message);
            }
        }
    }
}
