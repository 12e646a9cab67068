using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;
using XVideo.Torch.Safetensors;

namespace XVideo.Service.Engine;

/// <summary>A model as the API offers it: enough to check a request without loading anything.</summary>
/// <param name="Id">What requests and replies call it.</param>
/// <param name="Created">When its files were made.</param>
/// <param name="Defaults">What a request may leave open.</param>
/// <param name="Limits">What sizes are possible.</param>
public sealed record ServedModel(string Id, DateTimeOffset Created, ModelDefaults Defaults, ModelLimits Limits)
{
    /// <summary>What the model makes of the words of a prompt; <see langword="null"/>: nobody can tell. From many threads.</summary>
    public Func<string, PromptNotes>? ReadPrompt { get; init; }

    /// <summary>What requests to it need of memory; <see langword="null"/>: nobody can tell.</summary>
    public MemoryForecast? Memory { get; init; }

    /// <summary>Looks at a model folder; its weights are not read.</summary>
    /// <exception cref="ModelFileException">It is no model.</exception>
    public static ServedModel From(ModelFolder folder) =>
        new(folder.Name, File.GetLastWriteTimeUtc(Path.Combine(folder.Path, ModelFolder.IndexFile)), folder.Defaults, folder.Limits) 
        {
            ReadPrompt = new PromptReader(folder).Read,
            Memory = Forecast(folder),
        };

    // A machine that makes no videos itself may have the model without its weights.
    private static MemoryForecast? Forecast(ModelFolder folder)
    {
        try
        {
            return MemoryForecast.Open(folder);
        }
        catch (ModelFileException)
        {
            return null;
        }
    }
}
