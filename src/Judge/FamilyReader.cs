namespace XVideo.Judge;

/// <summary>Reads clips that are asked to show one kind of scene.</summary>
internal abstract class FamilyReader
{
    /// <summary>The aspects that this reader can tell reliably; see docs/judge.md for how reliably.</summary>
    public abstract IReadOnlySet<Aspect> Readable { get; }

    public abstract void Read(Film film, Notes notes);
}
