namespace XVideo.Service.Api.Security;

/// <summary>What a key may do.</summary>
public static class Scopes
{
    /// <summary>See videos.</summary>
    public const string Read = "videos:read";

    /// <summary>Make, cancel and delete videos.</summary>
    public const string Write = "videos:write";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Write];
}
