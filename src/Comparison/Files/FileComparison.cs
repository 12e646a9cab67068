using TorchSharp;
using XVideo.Comparison.Results;
using XVideo.Comparison.Scores;
using XVideo.Comparison.Statistics;
using XVideo.Metrics;
using XVideo.Video;

namespace XVideo.Comparison.Files;

/// <summary>Compares videos that exist already. Needs no model, and no libtorch unless LPIPS is computed.</summary>
public static class FileComparison
{
    /// <summary>Measures a video, or a folder of them, against its reference.</summary>
    /// <param name="video">A video, a folder of PNG frames, or a folder of either.</param>
    /// <param name="reference">As <paramref name="video"/>; files of folders are paired by name.</param>
    /// <param name="metricWeights">Folder with the published weights of LPIPS; <see langword="null"/>: no LPIPS.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <param name="version">Of the program.</param>
    /// <param name="pairDone">Told how many pairs are measured, and of how many.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <returns>Paths in it are absolute. All scores are those of decoded files.</returns>
    /// <exception cref="ComparisonException">There is nothing to compare, a file has no partner, or two clips differ in size, length or rate.</exception>
    /// <exception cref="VideoFileException">A file cannot be read.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg.</exception>
    public static ComparisonReport Measure(
        string video, string reference, string? metricWeights, string? ffmpegPath, string version, Action<int, int>? pairDone = null, CancellationToken cancellation = default)
    {
        var ffmpeg = Ffmpeg.Find(ffmpegPath);
        var files = FilePairs.Find(video, reference);
        var vmaf = Vmaf.Find(ffmpegPath);
        using var lpips = ClipLpips.Missing(metricWeights) is null ? ClipLpips.Load(metricWeights!, torch.CPU) : null;
        var meter = new PairMeter(lpips, vmaf, ffmpegPath);
        var pairs = new List<PairResult>();
        foreach (var (_, clip, partner) in files)
        {
            pairDone?.Invoke(pairs.Count, files.Count);
            pairs.Add(new PairResult { Prompt = pairs.Count, Arm = "file", Clip = Playable(clip), File = Scores(meter, clip, partner, cancellation) });
        }
        pairDone?.Invoke(pairs.Count, files.Count);
        return new ComparisonReport
        {
            Title = $"{video} against {reference}",
            Created = DateTime.UtcNow,
            Version = version,
            Environment = [new("decoder", $"ffmpeg {ffmpeg.VersionText}"), .. lpips is null ? [] : new[] { new NamedValue("LPIPS", ClipLpips.Describe(metricWeights!)) }, .. Conversions(files, ffmpegPath)],
            Settings = [],
            Prompts = [.. files.Select((file, at) => new ComparedPrompt { Index = at, Text = file.Name, Clip = Playable(file.Reference) })],
            Arms = [Summary(video, pairs)],
            Pairs = pairs,
            NotComputed =
            [
                .. ClipLpips.Missing(metricWeights) is { } missing ? [new NamedValue("LPIPS", missing)] : Array.Empty<NamedValue>(),
                .. vmaf is null ? [new NamedValue("VMAF", "this ffmpeg was built without libvmaf")] : Array.Empty<NamedValue>(),
                .. TooLittle(pairs, "msSsim", "MS-SSIM", "it needs frames with a short side of at least 176 pixels"),
                .. TooLittle(pairs, "temporalFlickering", "temporal flickering", "it compares neighbouring frames, and a clip has only one"),
            ],
        };
    }

    // A folder of pictures is no video.
    private static string? Playable(string path) => File.Exists(path) ? Path.GetFullPath(path) : null;

    private static PairScores Scores(PairMeter meter, string clip, string partner, CancellationToken cancellation)
    {
        try
        {
            return meter.OfFiles(clip, partner, cancellation);
        }
        catch (ClipMismatchException error)
        {
            throw new ComparisonException(error.Message);
        }
    }

    private static ArmSummary Summary(string video, IReadOnlyList<PairResult> pairs) => new()
    {
        Id = "file",
        Label = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(video))),
        Method = "file",
        Settings = [],
        Clips = pairs.Count,
        Raw = new Dictionary<string, ArmStatistic>(),
        File = ArmSummaries.File(pairs),
    };

    private static IEnumerable<NamedValue> TooLittle(IReadOnlyList<PairResult> pairs, string measure, string name, string reason) =>
        pairs.Any(pair => !pair.File!.Means.ContainsKey(measure)) ? [new NamedValue(name, reason)] : [];

    // Every measure is defined on 8-bit RGB: what else a file holds is lost, and said.
    private static IEnumerable<NamedValue> Conversions(IReadOnlyList<(string Name, string Video, string Reference)> files, string? ffmpegPath)
    {
        var formats = files.SelectMany(file => new[] { file.Video, file.Reference }).Select(path => VideoProbe.Read(path, ffmpegPath).PixelFormat).Distinct().ToArray();
        if (formats.Where(PixelFormats.IsDeep).ToArray() is { Length: > 0 } deep) yield return new NamedValue("deep samples", $"{string.Join(", ", deep)} converted to 8 bits before measuring");
        if (formats.Where(PixelFormats.HasAlpha).ToArray() is { Length: > 0 } alpha) yield return new NamedValue("transparency", $"that of {string.Join(", ", alpha)} was dropped, not blended");
    }
}
