using XVideo.Pipeline.Requests;

namespace XVideo.Service.Engine;

/// <summary>A model as the API offers it: enough to check a request without loading anything.</summary>
/// <param name="Id">What requests and replies call it.</param>
/// <param name="Created">When its files were made.</param>
/// <param name="Defaults">What a request may leave open.</param>
/// <param name="Limits">What sizes are possible.</param>
public sealed record ServedModel(string Id, DateTimeOffset Created, ModelDefaults Defaults, ModelLimits Limits)
{
    /// <summary>Looks at a model folder; its weights are not read.</summary>
    /// <exception cref="XVideo.Torch.Safetensors.ModelFileException">It is no model.</exception>
    public static ServedModel From(ModelFolder folder) =>
        new(folder.Name, File.GetLastWriteTimeUtc(Path.Combine(folder.Path, ModelFolder.IndexFile)), folder.Defaults, folder.Limits);
}
