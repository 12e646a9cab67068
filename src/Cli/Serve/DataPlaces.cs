using System.Security.Cryptography;
using XVideo.Cli.Configuration;
using XVideo.Service.Store;

namespace XVideo.Cli.Serve;

/// <summary>Where a server keeps what must outlive it.</summary>
/// <param name="settings">From all sources.</param>
internal sealed class DataPlaces(Settings settings)
{
    private const string PepperName = "key-pepper";
    private const int PepperBytes = 32;
    private const int LeastPepperBytes = 16;

    /// <summary>The data folder; it need not exist yet.</summary>
    public string Folder { get; } = Path.GetFullPath(settings.Text(ServeSettings.Data) ?? Path.Combine(Home(), "xvideo"));

    /// <summary>Where videos go.</summary>
    public string Files => Path.Combine(Folder, "files");

    /// <summary>Opens the queue; makes it when it is not there.</summary>
    /// <exception cref="ConfigurationException">It cannot be opened.</exception>
    public async Task<IJobStore> OpenStoreAsync()
    {
        try
        {
            return settings.Text(ServeSettings.Queue) is { } connection
                ? await PostgresJobStore.OpenAsync(new PostgresJobStoreOptions { ConnectionString = connection })
                : await SqliteJobStore.OpenAsync(new SqliteJobStoreOptions { Path = Path.Combine(Folder, "jobs.db") }, TimeProvider.System);
        }
        catch (JobStoreException error)
        {
            throw new ConfigurationException([$"The queue cannot be opened: {error.Message} Choose another place with --data, or another database with --queue."]);
        }
    }

    /// <summary>The secret that keys are hashed with.</summary>
    /// <exception cref="ConfigurationException">It is too short.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public byte[] ReadPepper()
    {
        var named = settings.Text(ServeSettings.PepperFile) ?? Credential();
        var path = named ?? Path.Combine(Folder, PepperName);
        if (named is null && !File.Exists(path)) MakePepper(path);
        var pepper = File.ReadAllBytes(path);
        return pepper.Length >= LeastPepperBytes ? pepper
            : throw new ConfigurationException([$"The pepper \"{path}\" is not usable: it has {pepper.Length} bytes and must have at least {LeastPepperBytes}. Make one with: head -c 32 /dev/urandom > '{path}'"]);
    }

    // Where systemd puts what a unit's LoadCredential= names.
    private static string? Credential() =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.Combine(folder, PepperName) is var path && File.Exists(path) ? path : null;

    private void MakePepper(string path)
    {
        Directory.CreateDirectory(Folder);
        // Two processes may start at once: whoever is first has made it, whole.
        var own = $"{path}.{Environment.ProcessId}";
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(own, create))
        {
            stream.Write(RandomNumberGenerator.GetBytes(PepperBytes));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(own, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(own);
        }
    }

    private static string Home() => Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg
        ? xdg
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
}
