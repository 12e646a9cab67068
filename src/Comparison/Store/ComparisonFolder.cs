using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using XVideo.Comparison.Results;
using XVideo.Video;

namespace XVideo.Comparison.Store;

/// <summary>The folder of a comparison: what was asked, what is finished, and the frames of the prompt in work. Several processes may share one.</summary>
public sealed class ComparisonFolder
{
    private const string HeaderName = "comparison.json", Pairs = "pairs", Clips = "clips", Masks = "masks", Work = "work", FullName = "full";

    private ComparisonFolder(string path, ComparisonHeader header) => (Folder, Header) = (path, header);

    /// <summary>Absolute path.</summary>
    public string Folder { get; }

    /// <summary>What was asked.</summary>
    public ComparisonHeader Header { get; }

    /// <summary>Opens the folder, or makes it.</summary>
    /// <param name="path">Of the folder.</param>
    /// <param name="header">What is asked.</param>
    /// <exception cref="ComparisonException">It belongs to another comparison; names what differs, with both values.</exception>
    /// <exception cref="VideoOutputException">It cannot be written.</exception>
    public static ComparisonFolder Open(string path, ComparisonHeader header)
    {
        var full = Path.GetFullPath(path);
        Prepare(path);
        foreach (var part in (string[])[Pairs, Clips, Work]) Directory.CreateDirectory(Path.Combine(full, part));
        if (!AtomicFile.WriteNew(Path.Combine(full, HeaderName), JsonSerializer.Serialize(header, ComparisonJson.Readable.ComparisonHeader)))
        {
            var differences = ReadHeader(full).Differences(header);
            if (differences.Count > 0)
                throw new ComparisonException($"Folder \"{path}\" holds another comparison: {string.Join("; ", differences)} (first what the folder holds, then what is asked now). Choose a new folder with --output, or repeat what the folder was made with.");
        }
        return new ComparisonFolder(full, header);
    }

    /// <summary>Opens the folder of a comparison that was begun, whatever was asked.</summary>
    /// <exception cref="ComparisonException">There is none.</exception>
    public static ComparisonFolder Open(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(Path.Combine(full, HeaderName))) throw new ComparisonException($"Folder \"{path}\" holds no comparison: there is no {HeaderName}. Name the --output folder of one that was begun.");
        return new ComparisonFolder(full, ReadHeader(full));
    }

    /// <summary>Makes the folder if it is not there, and checks that it can be written, before long work.</summary>
    /// <exception cref="VideoOutputException">It could not.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (File.Exists(path)) throw new VideoOutputException(VideoOutputProblem.WrongKind, path, $"Output \"{path}\" is a file; a comparison is a folder. Choose another path with --output.");
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".{Environment.ProcessId}.probe");
            using var stream = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException && error is not VideoOutputException))
        {
            throw new VideoOutputException(VideoOutputProblem.NotWritable, path, $"Folder \"{path}\" cannot be written: {error.Message} Choose another with --output.", error);
        }
    }

    /// <summary>Keeps other processes from a prompt until it is disposed, or until this process ends.</summary>
    /// <exception cref="ComparisonException">Another process is working on it.</exception>
    public IDisposable Lock(int prompt)
    {
        try
        {
            return new FileStream(InWork(prompt, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (File.Exists(InWork(prompt, "lock")))
        {
            throw new ComparisonException($"Another process is working on prompt {prompt + 1} in \"{Folder}\" ({error.Message}). Give each process its own share with --part 0/2, --part 1/2, or wait for it to end.");
        }
    }

    /// <summary>A finished clip with its scores; <see langword="null"/> while there is none, or while its video is missing.</summary>
    public PairResult? ReadPair(int prompt, string arm) =>
        Read(PairPath(prompt, arm), ComparisonJson.Readable.PairResult) is { } pair && (pair.Clip is null || File.Exists(Absolute(pair.Clip))) ? pair : null;

    /// <summary>Keeps a finished pair.</summary>
    public void WritePair(PairResult pair) => AtomicFile.Write(PairPath(pair.Prompt, pair.Arm), JsonSerializer.Serialize(pair, ComparisonJson.Readable.PairResult));

    /// <summary>What full attention gave; <see langword="null"/> while it has not run, or while its video is missing.</summary>
    public FullResult? ReadFull(int prompt) =>
        Read(PairPath(prompt, FullName), ComparisonJson.Readable.FullResult) is { } full && (full.Prompt.Clip is null || File.Exists(Absolute(full.Prompt.Clip))) ? full : null;

    /// <summary>Keeps what full attention gave, with its frames for as long as the prompt is in work.</summary>
    public void WriteFull(FullResult full, IReadOnlyList<byte[]> frames)
    {
        AtomicFile.Write(InWork(full.Prompt.Index, "raw"), stream => { foreach (var frame in frames) stream.Write(frame); });
        AtomicFile.Write(PairPath(full.Prompt.Index, FullName), JsonSerializer.Serialize(full, ComparisonJson.Readable.FullResult));
    }

    /// <summary>The frames of full attention; <see langword="null"/> when they are not kept.</summary>
    /// <param name="prompt">Which prompt.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="size">Bytes of one.</param>
    public IReadOnlyList<byte[]>? ReadFrames(int prompt, int count, int size)
    {
        var file = new FileInfo(InWork(prompt, "raw"));
        if (!file.Exists || file.Length != (long)count * size) return null;
        using var stream = file.OpenRead();
        var frames = new byte[count][];
        for (var at = 0; at < count; at++) stream.ReadExactly(frames[at] = new byte[size]);
        return frames;
    }

    /// <summary>The prompt is finished: its frames are no longer needed.</summary>
    public void Forget(int prompt) => File.Delete(InWork(prompt, "raw"));

    /// <summary>Where the video of an arm, or of full attention, goes: relative to the folder with '/'.</summary>
    public static string ClipName(int prompt, string? arm) => $"{Clips}/{Number(prompt)}-{arm ?? FullName}.mp4";

    /// <summary>Where a picture of an arm's masks goes, likewise.</summary>
    public static string MaskName(int prompt, string arm, string what) => $"{Masks}/{Number(prompt)}-{arm}-{what}.png";

    /// <summary>A path of the report as the system takes it.</summary>
    public string Absolute(string name) => Path.Combine(Folder, name.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Makes the folder of a path that the report names.</summary>
    public string Ready(string name)
    {
        var path = Absolute(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static ComparisonHeader ReadHeader(string folder) =>
        Read(Path.Combine(folder, HeaderName), ComparisonJson.Readable.ComparisonHeader) ?? throw new ComparisonException($"\"{Path.Combine(folder, HeaderName)}\" holds nothing. Delete the folder and begin anew.");

    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new ComparisonException($"\"{path}\" is damaged: {error.Message} Delete it and run the same command again: what it held is computed anew.");
        }
    }

    private string PairPath(int prompt, string arm) => Path.Combine(Folder, Pairs, $"{Number(prompt)}-{arm}.json");

    private string InWork(int prompt, string extension) => Path.Combine(Folder, Work, $"{Number(prompt)}.{extension}");

    private static string Number(int prompt) => prompt.ToString("D3", CultureInfo.InvariantCulture);
}
