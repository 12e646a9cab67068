using System.Text;
using XVideo.Tokenizers.SentencePiece;

namespace XVideo.Tokenizers.Tests;

/// <summary>Random damage to real files: each either loads and then encodes, or is refused with a <see cref="TokenizerException"/>.</summary>
public class HostileFileTests
{
    private const string Text = "A café ﬁne ①  red\tball 日本 </s> \u0301x";

    [Fact]
    public void SpieceModel_RandomMutations_NeverCrashOrExplode()
    {
        var random = new Random(20250607);
        var small = File.ReadAllBytes(Golden.PathOf("user_defined", Tokenizer.SentencePieceFileName));
        var large = File.ReadAllBytes(Golden.PathOf("umt5", Tokenizer.SentencePieceFileName));
        var (loaded, refused) = (0, 0);
        for (var i = 0; i < 1000; i++)
        {
            var damaged = Mutate(i % 10 == 0 ? large : small, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AssertEncodes(SentencePieceLoader.Load(damaged, "fuzz.model", TokenizerConfig.Default));
                loaded++;
            }
            catch (TokenizerException error)
            {
                Assert.StartsWith("fuzz.model: ", error.Message);
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }

        Assert.True(loaded > 50 && refused > 50, $"{loaded} loaded, {refused} refused: the mutations are too mild or too harsh");
    }

    [Fact]
    public void SpieceModel_EveryTruncation_IsRefusedOrLoads()
    {
        var whole = new SpieceBuilder().Special().AllBytes().Piece("\u2581a", -1).Trainer((35, 1)).Normalizer((3, 1)).ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                AssertEncodes(SentencePieceLoader.Load(whole.AsSpan(0, length), "cut.model", TokenizerConfig.Default));
            }
            catch (TokenizerException error)
            {
                Assert.StartsWith("cut.model: ", error.Message);
            }
        }
    }

    [Fact]
    public void CharacterMap_RandomTries_NeverReadOutside()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var map = new byte[4 + random.Next(1, 300) * 4 + random.Next(0, 50)];
            random.NextBytes(map);
            BitConverter.GetBytes((map.Length - 4) / 4 * 4).CopyTo(map, 0);
            var tokenizer = new SpieceBuilder().Special().Piece("a", -1).CharacterMap(map).Load();
            AssertEncodes(tokenizer);
        }
    }

    [Fact]
    public void TokenizerJson_RandomMutations_NeverCrash()
    {
        var random = new Random(99);
        var original = File.ReadAllBytes(Golden.PathOf("own_vocabulary", Tokenizer.TokenizerJsonFileName));
        using var folder = new TemporaryFolder();
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            folder.Write(Tokenizer.TokenizerJsonFileName, Mutate(original, random, concentrateOnStart: i % 2 == 0));
            try
            {
                AssertEncodes(Tokenizer.Load(folder.Path));
            }
            catch (TokenizerException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, 399);
    }

    private static byte[] Mutate(byte[] original, Random random, bool concentrateOnStart = false)
    {
        var bytes = original.ToList();
        for (var count = random.Next(1, 5); count > 0 && bytes.Count > 8; count--)
        {
            var position = random.Next(concentrateOnStart ? Math.Min(3000, bytes.Count) : bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[position] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[position] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(position, Math.Min(random.Next(1, 9), bytes.Count - position));
                    break;
                case 3:
                    bytes.InsertRange(position, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256)));
                    break;
                case 4:
                    bytes[position] = 0xFF;
                    break;
                default:
                    bytes[position] = Encoding.ASCII.GetBytes("\"{}[],:019-")[random.Next(11)];
                    break;
            }
        }

        return [.. bytes];
    }

    private static void AssertEncodes(Tokenizer tokenizer)
    {
        var ids = tokenizer.Encode(Text);
        Assert.Equal(tokenizer.EosId, ids[^1]);
        Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
        tokenizer.Decode(ids);
        tokenizer.UnknownWords(Text);
    }
}
