using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

/// <summary>Random damage to valid files: whatever happens, a file opens with consistent entries or is refused with a ModelFileException.</summary>
public sealed class SafetensorsMutationTests
{
    private const int MutationsPerSeed = 1500;

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "-", "0", "9", "1e9",
        "\\u", "\\ud800", "null", "9223372036854775807", "\"dtype\":", "F32", "__metadata__", " ",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Open_RandomlyDamagedFile_OpensConsistentlyOrThrowsModelFileException(int seed)
    {
        using TemporaryFolder folder = new();
        byte[] valid = ValidFile(folder);
        Random random = new(seed);
        int refused = 0;
        for (int i = 0; i < MutationsPerSeed; i++)
        {
            string path = folder["damaged.safetensors"];
            File.WriteAllBytes(path, Damage(valid, random));
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                CheckConsistent(file);
            }
            catch (ModelFileException e)
            {
                Assert.NotEmpty(e.Problems);
                refused++;
            }
        }

        // Damage to names, metadata and data cannot be noticed, all else must be.
        Assert.InRange(refused, MutationsPerSeed / 2, MutationsPerSeed - 1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void OpenFolder_RandomlyDamagedIndex_OpensOrThrowsModelFileException(int seed)
    {
        using TemporaryFolder folder = new();
        ShardedSafetensorsWriter.Write(
            folder.Path,
            "model",
            [.. Enumerable.Range(0, 4).Select(i => ($"layer.{i}", SafetensorsDType.F32, new long[] { 2 }))],
            (_, stream) => stream.Write(new byte[8]),
            16);
        byte[] valid = File.ReadAllBytes(folder["model.safetensors.index.json"]);
        Random random = new(seed);
        int refused = 0;
        for (int i = 0; i < MutationsPerSeed / 2; i++)
        {
            File.WriteAllBytes(folder["model.safetensors.index.json"], Damage(valid, random));
            try
            {
                using SafetensorsFolder opened = SafetensorsFolder.Open(folder.Path);
                Assert.Equal(4, opened.Entries.Count);
            }
            catch (ModelFileException e)
            {
                Assert.NotEmpty(e.Problems);
                refused++;
            }
        }

        Assert.InRange(refused, MutationsPerSeed / 4, (MutationsPerSeed / 2) - 1);
    }

    private static byte[] ValidFile(TemporaryFolder folder)
    {
        string path = folder["valid.safetensors"];
        (string, SafetensorsDType, long[])[] tensors =
        [
            ("blocks.0.attn.weight", SafetensorsDType.BF16, [3, 5]),
            ("blocks.0.attn.bias", SafetensorsDType.F32, [5]),
            ("ids", SafetensorsDType.I64, [2, 1, 2]),
            ("scale", SafetensorsDType.F16, []),
            ("empty", SafetensorsDType.U8, [0, 4]),
            ("mask", SafetensorsDType.Bool, [7]),
        ];
        int[] sizes = [30, 20, 32, 2, 0, 7];
        SafetensorsWriter.Write(path, tensors, (i, stream) => stream.Write(new byte[sizes[i]]), new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(path);
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(0, Math.Min(40, bytes.Count - at) + 1));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                default:
                    // Same length: keeps the header length true, so that the damage reaches the parser.
                    byte[] fragment = System.Text.Encoding.ASCII.GetBytes(Fragments[random.Next(Fragments.Length)]);
                    for (int i = 0; i < fragment.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = fragment[i];
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static void CheckConsistent(SafetensorsFile file)
    {
        long covered = file.LengthInBytes - file.Entries.Values.Sum(entry => entry.SizeInBytes);
        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            Assert.Equal(covered, entry.Offset);
            Assert.Equal(entry.Shape.Aggregate(1L, static (a, b) => a * b), entry.ElementCount);
            covered += file.Bytes(entry).ToArray().Length;
        }

        Assert.Equal(file.LengthInBytes, covered);
    }
}
