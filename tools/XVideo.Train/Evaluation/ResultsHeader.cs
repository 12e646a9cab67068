using XVideo.Judge;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Train.Evaluation;

/// <summary>First line of a results file: what its results were made with.</summary>
/// <param name="Settings">Everything that changes results, by name. Only results with equal settings are put together.</param>
/// <param name="Model">Name of the model folder.</param>
/// <param name="Machine">What it ran on; machines of one kind may share the work.</param>
/// <param name="Build">Tells builds of the judge apart; a report from several says so.</param>
internal sealed record ResultsHeader(IReadOnlyDictionary<string, string> Settings, string Model, string Machine, string Build)
{
    /// <summary>Seed of the held-out scenes that every evaluation uses.</summary>
    public const ulong SceneSeed = 77;

    // Captions and noise seeds stand with every result; the name of a model says nothing about its weights.
    private static readonly string[] NotSettings = ["prompt", "seed", "model", "generator"];

    /// <param name="options">What was asked.</param>
    /// <param name="request">The same, with all gaps filled.</param>
    /// <param name="device">Kind of device: <c>cpu</c>, <c>cuda</c>.</param>
    /// <param name="machine">What it runs on.</param>
    public static ResultsHeader Create(EvaluationOptions options, ResolvedRequest request, string device, string machine)
    {
        var folder = ModelFolder.Open(options.ModelFolder);
        var settings = new Dictionary<string, string>
        {
            ["source"] = options.Source.ToString().ToLowerInvariant(), ["scenes"] = $"{SceneSeed}", ["noise"] = $"{options.Seed}", ["device"] = device, ["dtype"] = options.DType,
        };
        if (options.Source == EvaluationSource.Model)
        {
            foreach (var (name, value) in RequestMetadata.Create(request, folder.Describe(), VideoPipeline.Version).Entries.Where(entry => !NotSettings.Contains(entry.Key)))
                settings[name] = value;
        }
        else
        {
            (settings["width"], settings["height"], settings["frames"]) = ($"{request.Width}", $"{request.Height}", $"{request.FrameCount}");
            if (options.Source == EvaluationSource.Autoencoder) settings["modelHash"] = folder.Describe().Hash;
        }
        return new ResultsHeader(settings, folder.Name, machine, $"{typeof(PixelJudge).Module.ModuleVersionId:N}"[..12]);
    }

    /// <summary>In what the settings of two headers differ, for example <c>steps 20 there, 8 here</c>; empty when in nothing.</summary>
    public IReadOnlyList<string> Differences(ResultsHeader here) =>
    [
        // With another source everything else differs too.
        .. (Settings.GetValueOrDefault("source") == here.Settings.GetValueOrDefault("source") ? Settings.Keys.Union(here.Settings.Keys) : ["source"])
            .Where(name => Settings.GetValueOrDefault(name) != here.Settings.GetValueOrDefault(name))
            .Select(name => $"{name} {Show(Settings, name)} there, {Show(here.Settings, name)} here"),
    ];

    private static string Show(IReadOnlyDictionary<string, string> settings, string name) => settings.TryGetValue(name, out var value) ? value is "" ? "\"\"" : value : "not set";
}
