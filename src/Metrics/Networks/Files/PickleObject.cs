namespace XVideo.Metrics.Networks.Files;

/// <summary>What a pickle would make by calling something: kept as a description.</summary>
internal sealed class PickleObject(PickleGlobal maker, object?[] arguments)
{
    public PickleGlobal Maker => maker;

    public object?[] Arguments => arguments;

    /// <summary>The entries of an ordered dictionary, in order.</summary>
    public List<(object? Key, object? Value)> Items { get; } = [];

    /// <summary>Attributes set after making, most often a dictionary; null if none were.</summary>
    public object? State { get; set; }
}
