using FsCheck;
using FsCheck.Fluent;
using XVideo.Cli.Commands;
using XVideo.Video;

namespace XVideo.Cli.Tests;

public sealed class OutputNamesTests
{
    [Theory]
    [InlineData("A red ball bounces!", "a-red-ball-bounces")]
    [InlineData("  ../../etc/passwd ", "etc-passwd")]
    [InlineData("ein großer Ball", "ein-großer-ball")]
    [InlineData("赤いボール", "赤いボール")]
    [InlineData("!!!", "video")]
    [InlineData("", "video")]
    public void Slug_Prompt_KeepsLettersOnly(string prompt, string slug) => Assert.Equal(slug, OutputNames.Slug(prompt));

    [Fact]
    public void Slug_AnyPrompt_IsAShortPlainFileName() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), prompt =>
        {
            var slug = OutputNames.Slug(prompt ?? "");
            return slug.Length is > 0 and <= 50 && slug.EnumerateRunes().All(rune => rune.Value == '-' || System.Text.Rune.IsLetterOrDigit(rune)) && slug[0] != '-' && slug[^1] != '-';
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Create_ManyPromptsAndOneOutput_NumbersIt() =>
        Assert.Equal(["out/clip-001.mp4", "out/clip-002.mp4"], OutputNames.Create("out/clip.mp4", VideoFormat.Mp4, ["a", "b"], isNumbered: true));

    [Fact]
    public void Create_ManyEqualPrompts_GivesDifferentNames() =>
        Assert.Equal(["001-a.gif", "002-a.gif"], OutputNames.Create(null, VideoFormat.Gif, ["a", "a"], isNumbered: true));

    [Fact]
    public void Create_PngWithoutOutput_NamesAFolder() => Assert.Equal(["a-ball"], OutputNames.Create(null, VideoFormat.Png, ["a ball"], isNumbered: false));

    [Theory]
    [InlineData("clip.mp4", "clip-previews")]
    [InlineData("out/clip.mp4", "out/clip-previews")]
    [InlineData("frames/", "frames-previews")]
    public void PreviewFolder_Output_LiesBesideIt(string output, string folder) => Assert.Equal(folder, OutputNames.PreviewFolder(output));
}
