using Microsoft.Extensions.Options;
using XVideo.Pipeline.Requests;
using XVideo.Torch.Safetensors;

namespace XVideo.Hosting;

/// <summary>Finds everything that is wrong with the options at once. The model's configs are read; its weights, the device and ffmpeg are not touched.</summary>
internal sealed class XVideoOptionsValidator(string name) : IValidateOptions<XVideoOptions>
{
    private const int LargestCrf = 51;

    /// <summary>Of the options that it looks at.</summary>
    public string Name => name;

    public ValidateOptionsResult Validate(string? optionsName, XVideoOptions options)
    {
        if (optionsName != name) return ValidateOptionsResult.Skip;
        string[] problems = [.. Problems(options)];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(XVideoOptions options)
    {
        foreach (var problem in ModelProblems(options.ModelPath)) yield return problem;
        if (!PipelineOptions.IsDevice(options.Device)) yield return Wrong(nameof(options.Device), $"\"{options.Device}\"", "it must be auto, cpu, cuda or cuda:N");
        if (!PipelineOptions.DTypes.Contains(options.DType)) yield return Wrong(nameof(options.DType), $"\"{options.DType}\"", $"it must be one of {string.Join(", ", PipelineOptions.DTypes)}");
        if (options.Threads < 1) yield return Wrong(nameof(options.Threads), options.Threads, "it must be at least 1, or null for all");
        if (options.VaeTile < PipelineOptions.MinimumVaeTile) yield return Wrong(nameof(options.VaeTile), options.VaeTile, $"it must be at least {PipelineOptions.MinimumVaeTile}, or null for whole frames");
        if (options.Crf is < 0 or > LargestCrf) yield return Wrong(nameof(options.Crf), options.Crf, $"it must be from 0 to {LargestCrf}");
    }

    private static IReadOnlyList<string> ModelProblems(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return [Wrong(nameof(XVideoOptions.ModelPath), $"\"{path}\"", "it must be a model folder in the diffusers layout; set it in AddXVideo(options => options.ModelPath = …)")];
        try
        {
            ModelFolder.Open(path);
            return [];
        }
        catch (ModelFileException error)
        {
            return [$"XVideo: {nameof(XVideoOptions.ModelPath)} \"{path}\" is not usable: {error.Message}"];
        }
    }

    private static string Wrong(string option, object? got, string allowed) => FormattableString.Invariant($"XVideo: {option} {got} is not usable: {allowed}.");
}
