using System.Buffers.Binary;
using System.Text.Json;

namespace XVideo.Train.Tests;

/// <summary>The relative position biases in a written text encoder, bfloat16.</summary>
internal static class StoredBiases
{
    /// <summary>Sets all of them to one number, as if training had led there.</summary>
    public static void Fill(string folder, float value)
    {
        var bytes = File.ReadAllBytes(PathOf(folder));
        foreach (var at in Positions(bytes)) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
        File.WriteAllBytes(PathOf(folder), bytes);
    }

    public static float Largest(string folder)
    {
        var bytes = File.ReadAllBytes(PathOf(folder));
        return Positions(bytes).Max(at => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) << 16));
    }

    private static string PathOf(string folder) => Path.Combine(folder, "model.safetensors");

    private static IEnumerable<int> Positions(byte[] file)
    {
        var header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var entries = JsonDocument.Parse(file.AsMemory(8, header - 8));
        foreach (var entry in entries.RootElement.EnumerateObject().Where(entry => entry.Name.Contains("relative_attention_bias")))
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            for (var at = offsets[0].GetInt32(); at < offsets[1].GetInt32(); at += 2) yield return header + at;
        }
    }
}
