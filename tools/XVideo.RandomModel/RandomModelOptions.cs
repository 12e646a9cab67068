using System.Globalization;
using XVideo.Torch.Safetensors;

namespace XVideo.RandomModel;

/// <summary>One model to write.</summary>
/// <param name="Sizes">Its networks.</param>
/// <param name="OutputFolder">Absolute; it does not exist yet, or is empty.</param>
/// <param name="DType">Type of the stored weights, F32 or BF16.</param>
/// <param name="ShardSizeInBytes">Most data bytes of a weight file.</param>
/// <param name="Seed">Decides all values.</param>
/// <param name="Parts">Which of <see cref="ModelParts.Names"/> to write.</param>
/// <param name="TokenizerFolder">Tokenizer to copy; null builds a small one.</param>
internal sealed record RandomModelOptions(
    ModelSizes Sizes, string OutputFolder, SafetensorsDType DType, long ShardSizeInBytes, long Seed, IReadOnlyList<string> Parts, string? TokenizerFolder)
{
    private static readonly (string Suffix, long Factor)[] Units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000), ("B", 1)];

    /// <summary>Reads <c>2GB</c>, <c>500MB</c> and the like, in powers of 1000.</summary>
    /// <returns>Bytes, or null if the text is not a size of at least one byte.</returns>
    public static long? ParseSize(string text)
    {
        var (suffix, factor) = Units.FirstOrDefault(unit => text.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase));
        return suffix is not null
            && decimal.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 1_000_000 && number * factor >= 1
            ? (long)(number * factor)
            : null;
    }
}
