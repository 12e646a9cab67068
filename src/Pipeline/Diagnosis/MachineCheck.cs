using TorchSharp;
using XVideo.Pipeline.Requests;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Video;

namespace XVideo.Pipeline.Diagnosis;

/// <summary>Finds out whether this machine can make a video, by doing what making one does: load libtorch, start ffmpeg, read the model's configs.</summary>
public static class MachineCheck
{
    private const string TorchPackages = "libtorch-dev libopenblas0-pthread g++";

    /// <summary>libtorch itself and the native layer over it, which is compiled now if it has not been yet.</summary>
    public static IReadOnlyList<Finding> Torch()
    {
        var location = LibtorchLocation.Find(out var tried);
        if (location is null)
            return [new("libtorch", false, true, "none was found") { Tried = tried, Fix = Install(TorchPackages) }];
        var found = new Finding("libtorch", true, true, $"{location.Version} in {location.LibraryFolder} (found by {location.FoundBy}{(location.HasCuda ? ", with CUDA" : ", CPU only")})") { Tried = tried };
        try
        {
            Libtorch.EnsureLoaded();
        }
        catch (LibtorchException error)
        {
            return [found, new("native layer", false, true, error.Message) { Fix = error.Message.Contains("compiler", StringComparison.Ordinal) ? Install("g++") : null }];
        }
        var gpus = torch.cuda.device_count();
        return
        [
            found,
            new("native layer", true, true, $"compiled and loaded, libtorch says it is {Libtorch.Version}, {torch.get_num_threads()} threads"),
            new("GPU in libtorch", gpus > 0, false, gpus > 0 ? $"{gpus} usable" : location.HasCuda ? "libtorch has CUDA but finds no GPU" : "none: this libtorch is built without CUDA; the CPU is used"),
        ];
    }

    /// <summary>ffmpeg, ffprobe and the H.264 encoder.</summary>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    public static Finding VideoEncoder(string? ffmpegPath)
    {
        try
        {
            var ffmpeg = Ffmpeg.Find(ffmpegPath);
            return new("ffmpeg", true, true, $"{ffmpeg.VersionText} at {ffmpeg.FfmpegPath}, ffprobe at {ffmpeg.FfprobePath}");
        }
        catch (FfmpegException error)
        {
            var lines = error.Message.Split('\n', StringSplitOptions.TrimEntries);
            return new("ffmpeg", false, true, lines[0]) { Tried = lines[1..], Fix = Install("ffmpeg") };
        }
    }

    /// <summary>The model that a request would use.</summary>
    public static Finding Model(ModelCatalog catalog, string nameOrPath)
    {
        try
        {
            var model = ModelFolder.Open(catalog.Find(nameOrPath));
            var weights = Directory.EnumerateFiles(model.Path, "*.safetensors", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
            return new("model", true, true, FormattableString.Invariant($"{nameOrPath}: {model.ClassName} in {model.Path}, {weights / 1e6:0.0} MB of weights"));
        }
        catch (ModelFileException error)
        {
            return new("model", false, true, error.Message.ReplaceLineEndings(" ")) { Tried = catalog.Roots };
        }
    }

    /// <summary>Where compiled code is kept.</summary>
    public static Finding Cache(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return new("cache folder", true, true, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new("cache folder", false, true, $"{folder} cannot be written: {error.Message}") { Fix = "export XVIDEO_CACHE=/tmp/xvideo-cache" };
        }
    }

    private static string Install(string packages)
    {
        var sudo = Environment.IsPrivilegedProcess ? "" : "sudo ";
        return $"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}";
    }
}
