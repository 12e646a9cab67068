namespace XVideo.Service.Api.Security;

/// <summary>What a key may do.</summary>
public static class Scopes
{
    /// <summary>See videos.</summary>
    public const string Read = "videos:read";

    /// <summary>Make, cancel and delete videos.</summary>
    public const string Write = "videos:write";

    /// <summary>What the other two allow, with everybody's videos.</summary>
    public const string Admin = "admin";

    /// <summary>What a key gets unless it is told otherwise.</summary>
    public static IReadOnlyList<string> Usual { get; } = [Read, Write];
}
