namespace XVideo.Pipeline.Diagnosis;

/// <summary>One thing that was looked for on this machine.</summary>
/// <param name="Name">What it is, for example <c>libtorch</c>.</param>
/// <param name="IsOk">Whether it is there and works.</param>
/// <param name="IsRequired">Whether no video can be made without it.</param>
/// <param name="Detail">What was found, or what is wrong: one line.</param>
public sealed record Finding(string Name, bool IsOk, bool IsRequired, string Detail)
{
    /// <summary>Everything that was looked at, in order; empty where there is nothing to tell.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>The exact command that puts it right; <see langword="null"/> when all is well or no single command does.</summary>
    public string? Fix { get; init; }
}
