namespace XVideo.Metrics.Networks.Files;

/// <summary>A class or function that a pickle names. It is never looked up, let alone called.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
