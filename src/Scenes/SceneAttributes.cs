namespace XVideo.Scenes;

/// <summary>The ground truth of a scene. A null attribute does not exist in the family.</summary>
public sealed record SceneAttributes
{
    public required Motion Motion { get; init; }
    public Shape? Shape { get; init; }
    public NamedColor? Color { get; init; }
    public Shape? SecondShape { get; init; }
    public NamedColor? SecondColor { get; init; }
    public Relation? Relation { get; init; }
    public int? Count { get; init; }
    public SizeClass? Size { get; init; }
    public Speed? Speed { get; init; }
    public Backdrop? Backdrop { get; init; }
    public Land? Land { get; init; }
    public Weather? Weather { get; init; }
    public Placement? Placement { get; init; }

    /// <summary>What is combined with what, for the split. Size, speed and plain backdrops are left out: they are free in both parts.</summary>
    public string Combination
    {
        get
        {
            var place = Backdrop is { } backdrop && !Palette.Plain.Contains(backdrop) ? Backdrop : null;
            return $"{Motion}|{Shape}|{Color}|{SecondShape}|{SecondColor}|{Relation}|{Count}|{place}|{Land}|{Weather}|{Placement}";
        }
    }

    /// <summary>The same with everything, for families that have little else to combine.</summary>
    public string WholeCombination => $"{Combination}|{Size}|{Speed}|{Backdrop}";
}
