using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary>Everything one <c>mask</c> will do, checked before any of it is done.</summary>
/// <param name="Options">What to load.</param>
/// <param name="Request">The video whose masks are drawn.</param>
/// <param name="Layer">Layer to show, or <see langword="null"/> for the middle one.</param>
/// <param name="Head">Head to show, or <see langword="null"/> for all.</param>
/// <param name="Token">Latent frame, row and column of the query, or <see langword="null"/> for the centre.</param>
/// <param name="Paths">Where the pictures go: the mask, all masks, the keys, the video.</param>
internal sealed record MaskPlan(PipelineOptions Options, ResolvedRequest Request, int? Layer, int? Head, (int Frame, int Row, int Column)? Token, IReadOnlyList<string> Paths)
{
    // Dense attention has no masks, so this command asks for another method unless the user insists.
    private const string Method = "xattention";

    /// <exception cref="ConfigurationException">Options or request are not usable: all problems at once.</exception>
    public static MaskPlan Create(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var prompt = settings.Text(SettingTable.Prompt);
        if (prompt is null) problems.Add("No prompt was given. Pass --prompt \"what the video shows\".");
        if (RequestSettings.OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        var request = Resolve(settings, model, prompt ?? "x", problems);
        var (layers, heads) = (model.Limits.LayerCount ?? int.MaxValue, model.Limits.HeadCount ?? int.MaxValue);
        var layer = Check(settings, MaskSettings.Layer, layers, "layers", problems);
        CheckSparse(layer, layers, request, problems);
        var head = Check(settings, MaskSettings.Head, heads, "heads", problems);
        var token = request is null ? null : ReadToken(settings, model.Limits, request, problems);
        var output = settings.Text(SettingTable.Output) ?? "mask.png";
        if (!Path.GetExtension(output).Equals(".png", StringComparison.OrdinalIgnoreCase))
            problems.Add($"output \"{output}\" is not usable: masks are written as PNG, so it must end in .png. Set for example --output mask.png.");
        var paths = PathsOf(output);
        foreach (var path in paths)
        {
            try
            {
                ReportFile.Check(path, settings.IsOn(SettingTable.Force), "Picture", "mask.png");
            }
            catch (Video.VideoOutputException error) when (Failure.From(error).Kind == FailureKind.Request || problems.Count > 0)
            {
                problems.Add(error.Message);
            }
        }
        if (problems.Count > 0) throw new ConfigurationException([.. problems.Distinct()]);
        return new MaskPlan(RequestSettings.Options(settings, model), request!, layer, head, token, paths);
    }

    private static ResolvedRequest? Resolve(Settings settings, ModelFolder model, string prompt, List<string> problems)
    {
        try
        {
            var method = model.Defaults.Under(settings.Text(SettingTable.Preset)).Attention?.Method is { } recommended && recommended != RequestRules.Attentions[0] ? null : Method;
            return RequestValidator.Resolve(RequestSettings.Request(settings, model, new PromptLine(0, prompt), method), model.Defaults, model.Limits);
        }
        catch (RequestValidationException error)
        {
            problems.AddRange(error.Problems.Select(problem => problem.Message));
            return null;
        }
    }

    private static int? Check(Settings settings, Setting setting, int count, string what, List<string> problems)
    {
        if (settings.Integer(setting) is not { } value || (value >= 0 && value < count)) return settings.Integer(setting);
        problems.Add($"{setting.OptionName[2..]} {value} is not usable: it must be a whole number from 0{(count == int.MaxValue ? "" : $" to {count - 1}: the model has {count} {what}")}.");
        return null;
    }

    private static void CheckSparse(int? layer, int layers, ResolvedRequest? request, List<string> problems)
    {
        if (layer is not { } asked || request is null) return;
        var (first, last) = request.SparseLayers(layers);
        if (asked < first || asked > last) problems.Add($"layer {asked} is not usable: it is dense in this request; sparse are {first} to {last}. Set --layer to one of them.");
    }

    private static (int Frame, int Row, int Column)? ReadToken(Settings settings, ModelLimits limits, ResolvedRequest request, List<string> problems)
    {
        if (settings.Text(MaskSettings.Token) is not { } text) return null;
        var (frames, rows, columns) = (limits.LatentFrames(request.FrameCount), request.Height / limits.SizeMultiple, request.Width / limits.SizeMultiple);
        int[] sides = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)];
        if (sides is [var frame, var row, var column] && frame >= 0 && frame < frames && row >= 0 && row < rows && column >= 0 && column < columns) return (frame, row, column);
        problems.Add($"token \"{text}\" is not usable: it must be latent frame, row and column, from 0,0,0 to {frames - 1},{rows - 1},{columns - 1} for this video. Set for example --token {frames / 2},{rows / 2},{columns / 2}.");
        return null;
    }

    private static IReadOnlyList<string> PathsOf(string path)
    {
        var stem = Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
        return [path, $"{stem}-layers.png", $"{stem}-keys.png", $"{stem}-video.png"];
    }
}
