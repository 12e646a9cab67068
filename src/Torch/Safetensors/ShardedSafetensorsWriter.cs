using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace XVideo.Torch.Safetensors;

/// <summary>Writes the weights of one component as shards of bounded size with an index, as <see cref="SafetensorsFolder"/> reads them.</summary>
public static class ShardedSafetensorsWriter
{
    /// <summary>
    /// Writes "base-00001-of-000NN.safetensors" and "base.safetensors.index.json", or only "base.safetensors" if everything fits one file.
    /// </summary>
    /// <remarks>
    /// All shards are complete and on disk, under temporary names, before the first takes its real name; the index comes last. So a failure while
    /// writing leaves the folder as it was, and a crash while renaming leaves a folder without an index rather than a mixture.
    /// </remarks>
    /// <param name="folder">An existing folder.</param>
    /// <param name="baseName">For example "diffusion_pytorch_model"; a plain name.</param>
    /// <param name="tensors">As for <see cref="SafetensorsWriter.Write"/>; they are put into shards in this order.</param>
    /// <param name="writeData">As for <see cref="SafetensorsWriter.Write"/>; the index counts through all of <paramref name="tensors"/>.</param>
    /// <param name="maxShardSizeInBytes">Most data bytes of a shard, at least 1; a larger tensor gets a shard of its own.</param>
    /// <param name="metadata">Notes for the header of every shard.</param>
    /// <returns>Full paths of the files written, the index last.</returns>
    /// <exception cref="ArgumentException">A name or shape cannot be stored, or another argument is out of range.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="writeData"/> wrote too few or too many bytes.</exception>
    /// <exception cref="ModelFileException">A file cannot be written, or the folder already holds these weights in the other layout.</exception>
    public static IReadOnlyList<string> Write(
        string folder,
        string baseName,
        IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors,
        Action<int, Stream> writeData,
        long maxShardSizeInBytes,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(baseName);
        ArgumentNullException.ThrowIfNull(writeData);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxShardSizeInBytes, 1);
        if (baseName.AsSpan().IndexOfAny("/\\:\0") >= 0)
        {
            throw new ArgumentException($"Base name {ProblemList.Quote(baseName)} must be a plain file name without a path.", nameof(baseName));
        }

        WritePlan.CheckTensors(tensors, nameof(tensors));
        List<List<int>> shards = Split(tensors, maxShardSizeInBytes, out long totalSize);
        string single = Path.GetFullPath(Path.Combine(folder, $"{baseName}.safetensors"));
        string index = Path.GetFullPath(Path.Combine(folder, baseName + ShardIndex.Suffix));
        RefuseOtherLayout(shards.Count == 1 ? index : single);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(single, tensors, writeData, metadata);
            return [single];
        }

        string[] names =
        [
            .. Enumerable.Range(1, shards.Count).Select(i =>
                string.Create(CultureInfo.InvariantCulture, $"{baseName}-{i:d5}-of-{shards.Count:d5}.safetensors")),
        ];
        string[] paths = [.. names.Select(name => Path.GetFullPath(Path.Combine(folder, name))), index];
        List<PendingFile> pending = [];
        try
        {
            for (int i = 0; i < shards.Count; i++)
            {
                pending.Add(new WritePlan(tensors, shards[i], metadata).Write(paths[i], writeData));
            }

            byte[] json = BuildIndex(tensors, shards, names, totalSize);
            PendingFile indexFile = new(index, json.Length);
            pending.Add(indexFile);
            indexFile.Write(json);
            indexFile.Finish();
            File.Delete(index);
            pending.ForEach(static file => file.Commit());
            return paths;
        }
        finally
        {
            pending.ForEach(static file => file.Dispose());
        }
    }

    private static List<List<int>> Split(
        IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors, long maxShardSizeInBytes, out long totalSize)
    {
        List<List<int>> shards = [[]];
        long used = 0;
        totalSize = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            ElementMath.TrySizeInBytes(tensors[i].Shape, tensors[i].DType, out long size);
            if (shards[^1].Count > 0 && size > Math.Max(maxShardSizeInBytes - used, 0))
            {
                shards.Add([]);
                used = 0;
            }

            shards[^1].Add(i);
            used += size;
            totalSize += size;
        }

        return shards;
    }

    private static void RefuseOtherLayout(string other)
    {
        if (File.Exists(other))
        {
            throw new ModelFileException(
                other,
                "This file holds the same weights in another layout, and readers could not tell which are meant. "
                + "Remove it, or choose another folder.");
        }
    }

    private static byte[] BuildIndex(
        IReadOnlyList<(string Name, SafetensorsDType DType, long[] Shape)> tensors, List<List<int>> shards, string[] names, long totalSize)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteNumber("total_size", totalSize);
            writer.WriteEndObject();
            writer.WriteStartObject("weight_map");
            for (int i = 0; i < shards.Count; i++)
            {
                foreach (int tensor in shards[i])
                {
                    writer.WriteString(tensors[tensor].Name, names[i]);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }
}
