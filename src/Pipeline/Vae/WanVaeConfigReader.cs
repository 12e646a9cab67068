using System.Text.Json;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Vae;

/// <summary>Reads the fields of one <c>vae/config.json</c>, keeping every problem instead of stopping at the first.</summary>
internal sealed class WanVaeConfigReader(JsonElement root, string path)
{
    private static readonly string[] KnownFields =
    [
        "attn_scales", "base_dim", "decoder_base_dim", "dim_mult", "dropout", "in_channels", "is_residual", "latents_mean", "latents_std", "num_res_blocks",
        "out_channels", "patch_size", "scale_factor_spatial", "scale_factor_temporal", "temperal_downsample", "z_dim",
    ];

    private readonly List<string> _problems = [];

    public WanVaeConfig Read()
    {
        if (root.ValueKind != JsonValueKind.Object) throw new ModelFileException(path, $"The VAE's config must be a JSON object, got {root.ValueKind}.");
        if (Find("_class_name") is { } name && name.ToString() != "AutoencoderKLWan")
            throw new ModelFileException(path, $"_class_name is \"{name}\"; this reader builds only AutoencoderKLWan. Use a Wan 2.1 model folder.");
        foreach (var field in root.EnumerateObject())
            if (!field.Name.StartsWith('_') && !KnownFields.Contains(field.Name))
                _problems.Add($"Field \"{field.Name}\" is not known. Allowed are: {string.Join(", ", KnownFields)}. Remove or correct it.");
        RefuseOtherVariants();

        var baseDim = Whole("base_dim", null, 1);
        var config = new WanVaeConfig(
            baseDim, Whole("decoder_base_dim", baseDim, 1), List("dim_mult", WholeNumber, "whole numbers of at least 1"), (int)Whole("num_res_blocks", null, 1),
            List("temperal_downsample", Truth, "true or false"), Whole("z_dim", null, 1), Whole("in_channels", 3, 1), Whole("out_channels", 3, 1),
            List("latents_mean", FiniteNumber, "finite numbers"), List("latents_std", PositiveNumber, "numbers above 0"));
        if (_problems.Count == 0) CheckTogether(config);
        return _problems.Count == 0 ? config : throw new ModelFileException(path, _problems);
    }

    private void RefuseOtherVariants()
    {
        if (Find("is_residual") is { } residual && residual.ValueKind != JsonValueKind.False)
            _problems.Add($"is_residual is {residual}: that is the Wan 2.2 autoencoder, which is not supported. Use a Wan 2.1 VAE (is_residual false).");
        if (Find("patch_size") is { } patch && !(patch.ValueKind == JsonValueKind.Number && patch.GetDouble() == 1))
            _problems.Add($"patch_size is {patch}: that is the Wan 2.2 autoencoder, which is not supported. Use a Wan 2.1 VAE (patch_size null).");
        if (Find("attn_scales") is { } scales && !(scales.ValueKind == JsonValueKind.Array && scales.GetArrayLength() == 0))
            _problems.Add($"attn_scales is {scales}: attention outside the middle block is not supported, and no published Wan VAE has it. Only [] is allowed.");
    }

    private void CheckTogether(WanVaeConfig config)
    {
        if (config.TemporalDownsample.Count != config.DimMult.Count - 1)
            _problems.Add($"temperal_downsample has {config.TemporalDownsample.Count} entries and dim_mult {config.DimMult.Count}; temperal_downsample must have one less than dim_mult.");
        if (config.LatentsMean.Count != config.ZDim || config.LatentsStd.Count != config.ZDim)
            _problems.Add($"latents_mean has {config.LatentsMean.Count} and latents_std {config.LatentsStd.Count} entries; both must have z_dim = {config.ZDim}.");
        foreach (var (field, factor) in new[] { ("scale_factor_spatial", config.SpatialFactor), ("scale_factor_temporal", config.TemporalFactor) })
            if (Whole(field, factor, 1) is var stated && stated != factor)
                _problems.Add($"{field} is {stated}, but temperal_downsample [{string.Join(", ", config.TemporalDownsample)}] gives {factor}. Correct one of them.");
    }

    // Null and absent mean the same in diffusers' configs.
    private JsonElement? Find(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private long Whole(string field, long? fallback, long minimum)
    {
        if (Find(field) is not { } value)
        {
            if (fallback is null) _problems.Add($"Field \"{field}\" is missing; it must be a whole number of at least {minimum}.");
            return fallback ?? minimum;
        }
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number <= int.MaxValue) return number;
        _problems.Add($"{field} is {value}; it must be a whole number of at least {minimum}.");
        return minimum;
    }

    private T[] List<T>(string field, Func<JsonElement, T?> read, string allowed) where T : struct
    {
        if (Find(field) is not { } value)
        {
            _problems.Add($"Field \"{field}\" is missing; it must be a list of {allowed}.");
            return [];
        }
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(read).ToArray() : [null];
        if (items.All(item => item is not null) && (items.Length > 0 || field == "temperal_downsample")) return [.. items.Select(item => item!.Value)];
        _problems.Add($"{field} is {value}; it must be a list of {allowed}.");
        return [];
    }

    private static long? WholeNumber(JsonElement item) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number is >= 1 and <= int.MaxValue ? number : null;

    private static bool? Truth(JsonElement item) => item.ValueKind is JsonValueKind.True or JsonValueKind.False ? item.GetBoolean() : null;

    private static double? FiniteNumber(JsonElement item) => item.ValueKind == JsonValueKind.Number && double.IsFinite(item.GetDouble()) ? item.GetDouble() : null;

    private static double? PositiveNumber(JsonElement item) => FiniteNumber(item) is > 0 and var number ? number : null;
}
