using XVideo.RandomModel;

namespace XVideo.RandomModel.Tests;

/// <summary>A folder for what one test writes, and the command that writes models into it.</summary>
public sealed class RandomModelFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-tools-test-").FullName;

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Names in the folder, also hidden ones.</summary>
    public IEnumerable<string?> Names => Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order();

    /// <summary>Runs the command in this process.</summary>
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = RandomModelCommand.Run(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Writes a model and fails the test if that fails.</summary>
    public string Write(string name, params string[] arguments)
    {
        var (exitCode, _, error) = Run([.. arguments, "--out", this[name]]);
        Assert.True(exitCode == 0, error);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
