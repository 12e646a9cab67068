namespace XVideo.Torch.Tests.Interop;

/// <summary>Sets environment variables of this process for the length of a test. Only for tests that run alone.</summary>
internal sealed class EnvironmentChange : IDisposable
{
    private readonly List<(string Name, string? Before)> _before = [];

    public EnvironmentChange(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        foreach (var (name, value) in changes)
        {
            _before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, before) in _before) Environment.SetEnvironmentVariable(name, before);
    }
}
