using XVideo.Service.Engine;

namespace XVideo.Service.Api.Replies;

/// <summary>A model that can be asked for.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Created">When its files were made, unix seconds.</param>
/// <param name="Defaults">What holds for everything that a request leaves open.</param>
/// <param name="Presets">Other sets of defaults, by the names that a request may give as <c>preset</c>.</param>
public sealed record ModelObject(string Id, long Created, ModelDefaultsObject Defaults, IReadOnlyDictionary<string, ModelDefaultsObject> Presets)
{
    /// <summary>Always <c>model</c>.</summary>
    public string Object { get; } = "model";

    /// <summary>Who runs it.</summary>
    public string OwnedBy { get; } = "xvideo";

    internal static ModelObject From(ServedModel model) => new(
        model.Id, model.Created.ToUnixTimeSeconds(), ModelDefaultsObject.From(model.Defaults),
        model.Defaults.Presets.ToDictionary(preset => preset.Key, preset => ModelDefaultsObject.From(preset.Value)));
}
