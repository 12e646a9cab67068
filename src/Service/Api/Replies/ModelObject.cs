using XVideo.Service.Engine;
using XVideo.SparseAttention;

namespace XVideo.Service.Api.Replies;

/// <summary>A model that can be asked for.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Created">When its files were made, unix seconds.</param>
/// <param name="Defaults">What holds for everything that a request leaves open.</param>
/// <param name="Presets">Other sets of defaults, by the names that a request may give as <c>preset</c>.</param>
/// <param name="Attention">By the names of methods of self-attention: the settings that hold when a request gives the name alone.</param>
/// <param name="Limits">What sizes it has.</param>
/// <param name="Examples">Prompts that suit it, by kind of scene; empty for models that know everything.</param>
public sealed record ModelObject(
    string Id, long Created, ModelDefaultsObject Defaults, IReadOnlyDictionary<string, ModelDefaultsObject> Presets, IReadOnlyDictionary<string, AttentionObject> Attention,
    ModelLimitsObject Limits, IReadOnlyDictionary<string, IReadOnlyList<string>> Examples)
{
    /// <summary>Always <c>model</c>.</summary>
    public string Object { get; } = "model";

    /// <summary>Who runs it.</summary>
    public string OwnedBy { get; } = "xvideo";

    internal static ModelObject From(ServedModel model)
    {
        var (defaults, limits) = (model.Defaults, model.Limits);
        return new ModelObject(
            model.Id, model.Created.ToUnixTimeSeconds(), ModelDefaultsObject.From(defaults, limits),
            defaults.Presets.ToDictionary(preset => preset.Key, preset => ModelDefaultsObject.From(preset.Value, limits)),
            // Its name alone is no request: it needs a density.
            AttentionMethod.All.Where(method => method != AttentionMethod.Random).ToDictionary(method => method.Name, method => ModelDefaultsObject.WithAttention(method.Name, defaults, limits)),
            ModelLimitsObject.From(limits), defaults.Families);
    }
}
