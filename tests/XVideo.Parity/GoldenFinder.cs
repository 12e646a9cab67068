using System.Text.Json;
using XVideo.Parity.Checks;
using XVideo.Torch.Safetensors;

namespace XVideo.Parity;

/// <summary>Looks through folders for goldens, and tells which checks fit each.</summary>
public static class GoldenFinder
{
    private const int MaxDepth = 4;

    // The table of checks. A folder may fit several.
    private static readonly CheckFamily[] Families =
    [
        new TokenizerChecks(),
        new SchedulerChecks(),
        new TextEncoderChecks(),
        new TransformerChecks(),
        new VaeChecks(),
        new PipelineChecks(),
        new XAttentionChecks(),
    ];

    /// <summary>Goldens in a folder: the folder itself, or those inside it.</summary>
    /// <exception cref="ParityUsageException">The folder cannot be listed, holds no goldens, or holds broken ones.</exception>
    public static IReadOnlyList<GoldenFolder> Find(string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            if (!Directory.Exists(root)) throw new ParityUsageException($"Folder {root} does not exist. Name a folder of goldens.");
            var found = Search(root, Path.GetFileName(root), MaxDepth).ToList();
            return found.Count > 0 ? found : throw new ParityUsageException($"Folder {root} holds no goldens (golden*.safetensors, cases.json).\n{ParityOptions.Usage}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ModelFileException or JsonException)
        {
            throw new ParityUsageException($"Folder {root} cannot be read: {e.Message}");
        }
    }

    private static IEnumerable<GoldenFolder> Search(string path, string name, int depth)
    {
        var fitting = Families.Where(family => family.Fits(path)).ToList();
        var hasGoldens = Directory.EnumerateFiles(path, "golden*.safetensors").Any() || File.Exists(Path.Combine(path, "cases.json"));
        if (fitting.Count > 0 || hasGoldens) return [new GoldenFolder(path, name, fitting)];
        if (depth == 0) return [];
        return Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal)
            .SelectMany(child => Search(child, depth == MaxDepth ? Path.GetFileName(child) : $"{name}/{Path.GetFileName(child)}", depth - 1));
    }
}
