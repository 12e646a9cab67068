using System.Runtime.InteropServices;
using XVideo.Evaluation.Measures;
using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Metrics.Networks.Umt;
using XVideo.Metrics.Networks.ViClip;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;

namespace XVideo.Evaluation.Tests;

/// <summary>A folder of weight files in the published layouts: small networks with random parameters, which measure nothing but run the whole way.</summary>
internal static class SmallNetworks
{
    private static readonly ClipConfig B32 = new()
    {
        FileName = PublishedFile.ClipB32.FileName, Image = new(32, 1, 4, 128), Text = new(24, 1, 4, 96), PatchSize = 56, GridSize = 4, EmbeddingDim = 16, VocabularySize = 514, ContextLength = 40, EndId = 513,
    };

    private static readonly ClipConfig L14 = B32 with { FileName = PublishedFile.ClipL14.FileName, EmbeddingDim = 768 };

    private static readonly ClipConfig ViClip = B32 with { FileName = PublishedFile.ViClip.FileName };

    public static NetworkSizes Sizes { get; } = new(new DinoConfig(24, 1, 3, 16, 14), B32, L14, ViClip, new UmtConfig(32, 1, 4, 3), LoadTokenizer);

    /// <summary>Writes the files.</summary>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Write(folder, PublishedFile.Dino, weights => new DinoEncoder(Sizes.Dino, weights));
        Write(folder, PublishedFile.ClipB32, weights => new ClipModel(B32, weights));
        Write(folder, PublishedFile.ClipL14, weights => new ClipModel(L14, weights));
        Write(folder, PublishedFile.ViClip, weights => new ViClipModel(ViClip, weights));
        Write(folder, PublishedFile.AestheticHead, weights => new AestheticHead(weights));
        File.WriteAllText(Path.Combine(folder, PublishedFile.ClipMerges.FileName), "not read here");
        return folder;
    }

    /// <summary>Writes one file with everything that a network asks for.</summary>
    /// <param name="folder">Must exist.</param>
    /// <param name="file">Whose name it gets, with the ending of converted files.</param>
    /// <param name="build">Asks for the parameters.</param>
    /// <param name="size">Of the parameters: from −size/2 to size/2.</param>
    public static void Write(string folder, PublishedFile file, Func<Weights, object> build, double size = 0.5)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        var random = new Random(recorder.Parameters.Count);
        SafetensorsWriter.Write(
            Path.Combine(folder, Path.ChangeExtension(file.FileName, ".safetensors")), [.. recorder.Parameters.Select(parameter => (parameter.Name, SafetensorsDType.F32, parameter.Shape))],
            (i, stream) => stream.Write(MemoryMarshal.AsBytes<float>(Enumerable.Range(0, (int)recorder.Parameters[i].Shape.Aggregate(1L, (size, side) => size * side))
                // A variance is positive.
                .Select(_ => recorder.Parameters[i].Name.EndsWith("running_var", StringComparison.Ordinal) ? 1 : (float)((random.NextDouble() - 0.5) * size)).ToArray())));
    }

    // A vocabulary of single bytes.
    private static ClipTokenizer LoadTokenizer(string path)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, "tokenizer")).FullName;
        var symbols = Enumerable.Range(33, 94).Select(i => ((char)i).ToString()).SelectMany(letter => (string[])[letter, letter + "</w>"]).Append("<|startoftext|>").Append("<|endoftext|>").ToArray();
        var ids = symbols.Index().ToDictionary(entry => entry.Item, entry => entry.Item == "<|endoftext|>" ? 513 : entry.Index);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), System.Text.Json.JsonSerializer.Serialize(ids));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
        return ClipTokenizer.LoadFolder(folder);
    }
}
