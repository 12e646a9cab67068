using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace XVideo.Video.Tests;

public class MetadataTests
{
    public static TheoryData<string> HostilePrompts => new(
        "a red ball bounces on green grass",
        "",
        "quotes \" ' ` and \\ backslash \\\\ \\n end\\",
        "line one\nline two\r\nline three\n\n",
        " ; key=value ; #hash [STREAM] title=x\n;FFMETADATA1\n[CHAPTER]\n",
        "emoji 🎬👩‍👩‍👧 中文 العربية \u2028 \u00a0 é e\u0301 \ufeff \uffff",
        "control \0 \u0001 \u001b[31m \u007f \u0085",
        "$(rm -rf /) `id` %d %s ${HOME} && | > <tag a=\"b\">&amp; ]]>",
        new string('x', 30_000),
        string.Concat(Enumerable.Repeat("🎬\"\n;=", 6_000)));

    [Theory]
    [MemberData(nameof(HostilePrompts))]
    public void Metadata_HostilePrompt_ComesBackExactlyFromEveryFormat(string prompt)
    {
        using var folder = new TestFolder();
        var metadata = VideoMetadata.FromPairs([new("prompt", prompt), new("seed", "9223372036854775807"), new("zebra", "z"), new("alpha", "a")]);
        foreach (var format in Enum.GetValues<VideoFormat>())
        {
            var path = folder["v" + format.Extension()];
            Clip.Write(path, format, 17, 16, Clip.Gradients(17, 16, 2), metadata: metadata);
            var read = VideoMetadata.Read(path);
            Assert.Equal(metadata.Json, read?.Json);
            Assert.Equal(["prompt", "seed", "zebra", "alpha"], read!.Entries.Select(e => e.Key));
            Assert.Equal(prompt, read.Entries[0].Value);
            Assert.Equal(2, VideoProbe.Read(path).FrameCount);
        }

        Assert.Equal(4, folder.Names.Length);
    }

    [Fact]
    public void Metadata_StillWebP_ComesBack()
    {
        using var folder = new TestFolder();
        var metadata = VideoMetadata.FromJson("""{"prompt":"one <frame> & more"}""");
        Clip.Write(folder["a.webp"], VideoFormat.WebP, 17, 16, Clip.Gradients(17, 16, 1), metadata: metadata);
        Assert.Equal(metadata, VideoMetadata.Read(folder["a.webp"]));
    }

    [Fact]
    public void Metadata_Mp4_IsTheCommentThatFfprobeShows()
    {
        using var folder = new TestFolder();
        var metadata = VideoMetadata.FromJson("""{"prompt":"a \"b\" = c; 🎬","steps":50,"guidance":5.0}""");
        Clip.Write(folder["a.mp4"], VideoFormat.Mp4, 16, 16, Clip.Gradients(16, 16, 2), metadata: metadata);
        using var ffprobe = Process.Start(new ProcessStartInfo(
            Ffmpeg.Find().FfprobePath, ["-v", "error", "-show_entries", "format_tags=comment", "-of", "json", folder["a.mp4"]]) { RedirectStandardOutput = true })!;
        using var output = JsonDocument.Parse(ffprobe.StandardOutput.ReadToEnd());
        var comment = output.RootElement.GetProperty("format").GetProperty("tags").GetProperty("comment").GetString();
        Assert.Equal(metadata.Json, comment);
        Assert.True(File.ReadAllBytes(folder["a.mp4"]).AsSpan().IndexOf("\xA9\x63mt"u8[1..]) > 0, "no ©cmt box");
    }

    [Fact]
    public void Metadata_JsonDocument_KeepsOrderNumbersAndNesting()
    {
        var metadata = VideoMetadata.FromJson("""{ "b" : 1.50, "a" : { "x" : [1, 2e3, null, true] }, "seed": 18446744073709551615 }""");
        Assert.Equal("""{"b":1.50,"a":{"x":[1,2e3,null,true]},"seed":18446744073709551615}""", metadata.Json);
        Assert.Equal("""{"x":[1,2e3,null,true]}""", metadata.Entries[1].Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{")]
    public void Metadata_NotADistinctObject_IsRefused(string json) =>
        Assert.Contains("must be a JSON object", Assert.Throws<ArgumentException>(() => VideoMetadata.FromJson(json)).Message);

    [Theory]
    [InlineData(@"\ud800", 0)]
    [InlineData(@"ab\udc00", 2)]
    [InlineData(@"\ud83c\udfac\ud83c", 2)]
    [InlineData(@"\ud83c\ud83c\udfac", 0)]
    public void Metadata_HalfASurrogatePair_IsRefusedByPosition(string escaped, int position)
    {
        // An attribute cannot hold half a pair itself.
        var text = Regex.Unescape(escaped);
        var error = Assert.Throws<ArgumentException>(() => VideoMetadata.FromPairs([new("prompt", text)]));
        Assert.Contains($"\"prompt\" has half a surrogate pair at character {position}", error.Message);
    }

    [Fact]
    public void Metadata_VideosWithoutIt_GiveNull()
    {
        using var folder = new TestFolder();
        foreach (var format in Enum.GetValues<VideoFormat>())
        {
            Clip.Write(folder["v" + format.Extension()], format, 16, 16, Clip.Gradients(16, 16, 2));
            Assert.Null(VideoMetadata.Read(folder["v" + format.Extension()]));
        }

        TestFolder.Shell($"'{Ffmpeg.Find().FfmpegPath}' -nostdin -v error -i '{folder["v.mp4"]}' -c copy -metadata comment='just words' '{folder["w.mp4"]}'");
        Assert.Null(VideoMetadata.Read(folder["w.mp4"]));
    }

    [Fact]
    public void Read_FileThatIsNotAVideo_SaysSo()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["text.mp4"], "this is no video at all, just a few words of text");
        File.WriteAllBytes(folder["empty.mp4"], []);
        File.WriteAllBytes(folder["noise.mp4"], Clip.Noise(40, 40, 1));
        Directory.CreateDirectory(folder["nothing"]);
        Assert.Contains("not a readable video", Assert.Throws<VideoFileException>(() => VideoMetadata.Read(folder["text.mp4"])).Message);
        Assert.Contains("is empty", Assert.Throws<VideoFileException>(() => VideoMetadata.Read(folder["empty.mp4"])).Message);
        Assert.Throws<VideoFileException>(() => VideoProbe.Read(folder["noise.mp4"]));
        Assert.Contains("does not exist", Assert.Throws<VideoFileException>(() => VideoProbe.Read(folder["absent.mp4"])).Message);
        Assert.Contains("holds no frames", Assert.Throws<VideoFileException>(() => VideoMetadata.Read(folder["nothing"])).Message);
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    public void Read_TruncatedAnywhere_IsAVideoFileException(VideoFormat format)
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a"], format, 48, 32, Clip.Gradients(48, 32, 6), metadata: VideoMetadata.FromJson("""{"prompt":"cut"}"""));
        var bytes = File.ReadAllBytes(folder["a"]);
        foreach (var length in new[] { 1, 7, 11, 13, 40, bytes.Length / 3, bytes.Length / 2, bytes.Length * 9 / 10, bytes.Length - 1 })
        {
            File.WriteAllBytes(folder["cut"], bytes[..length]);
            Assert.Throws<VideoFileException>(() => VideoMetadata.Read(folder["cut"]));
            Assert.Throws<VideoFileException>(() => VideoProbe.Read(folder["cut"]));
            Assert.Throws<VideoFileException>(() => VideoReader.ReadFrames(folder["cut"]).Count());
        }
    }

    [Theory]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    public void Read_RandomlyDamaged_NeverFailsOtherwise(VideoFormat format)
    {
        using var folder = new TestFolder();
        Clip.Write(folder["a"], format, 24, 16, Clip.Gradients(24, 16, 3), metadata: VideoMetadata.FromJson("""{"prompt":"hurt"}"""));
        var bytes = File.ReadAllBytes(folder["a"]);
        var random = new Random(11);
        for (var round = 0; round < 400; round++)
        {
            var hurt = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                // From byte 12 on: the magic stays, so that the file goes to the parser under test.
                hurt[random.Next(12, hurt.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(folder["hurt"], hurt);
            var error = Record.Exception(() => VideoMetadata.Read(folder["hurt"]));
            Assert.True(error is null or VideoFileException, $"round {round}: {error}");
        }
    }
}
