using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary>Settings as the pipeline takes them.</summary>
internal static class RequestSettings
{
    /// <summary>The model that is named. With problems at hand a bad model only means that the rest of the request cannot be checked: null.</summary>
    public static ModelFolder? OpenModel(Settings settings, List<string> problems)
    {
        try
        {
            var catalog = ModelCatalog.Create(settings.Text(SettingTable.Models));
            return ModelFolder.Open(catalog.Find(settings.Show(SettingTable.Model)));
        }
        catch (Exception error) when (problems.Count > 0 && Failure.From(error).Kind == FailureKind.ModelFiles)
        {
            return null;
        }
    }

    /// <summary>What to load and what to run it on.</summary>
    public static PipelineOptions Options(Settings settings, ModelFolder model) => new(
        model.Path, settings.Text(SettingTable.Device) ?? PipelineOptions.Automatic, settings.Text(SettingTable.Dtype) ?? PipelineOptions.Automatic,
        settings.Integer(SettingTable.Threads), settings.Text(SettingTable.Ffmpeg), settings.Integer(SettingTable.VaeTile));

    /// <summary>One video; null where nobody said anything.</summary>
    /// <param name="settings">From all sources.</param>
    /// <param name="model">What it is for.</param>
    /// <param name="prompt">What it shows; a seed of its own beats that of the settings.</param>
    /// <param name="attention">The attention method where the settings name none; <see langword="null"/>: the model's.</param>
    /// <param name="isForced">Whether it holds whatever the settings name.</param>
    public static VideoRequest Request(Settings settings, ModelFolder model, PromptLine prompt, string? attention = null, bool isForced = false) => new()
    {
        Prompt = prompt.Text,
        Preset = settings.Text(SettingTable.Preset),
        NegativePrompt = settings.Text(SettingTable.NegativePrompt),
        Width = settings.Integer(SettingTable.Width),
        Height = settings.Integer(SettingTable.Height),
        FrameCount = settings.Integer(SettingTable.Frames),
        FrameRate = settings.Number(SettingTable.Fps),
        Steps = settings.Integer(SettingTable.Steps),
        GuidanceScale = settings.Number(SettingTable.Guidance),
        FlowShift = settings.Number(SettingTable.FlowShift),
        Scheduler = settings.Text(SettingTable.Scheduler),
        Seed = prompt.Seed ?? settings.Long(SettingTable.Seed),
        Attention = AttentionSettings.Request(settings, model.Defaults.Under(settings.Text(SettingTable.Preset)).Attention?.Method, attention, isForced),
        PreviewEverySteps = settings.Integer(SettingTable.Preview),
    };
}
