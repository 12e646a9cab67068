using XVideo.Service.Api.Security;
using XVideo.Service.Store;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api.Security;

public sealed class VideoTokensTests
{
    private static readonly ServiceOptions Options = new() { FilesFolder = "x", Pepper = new byte[32] };
    private static readonly Caller Owner = new(Examples.Key("abcdefghijkl"));
    private static readonly string[] Videos = [JobId.New(), JobId.New()];

    [Fact]
    public void Tokens_AnythingChanged_AreNoneOfOurs()
    {
        var time = new ManualTime();
        var tokens = new VideoTokens(Options, time);
        var (text, end) = tokens.Create(Videos[0], Owner);

        Assert.Equal(Owner.Id, tokens.FindKey(text, Videos[0]));
        Assert.Null(tokens.FindKey(text, Videos[1]));
        Assert.Null(new VideoTokens(Options with { Pepper = Enumerable.Repeat((byte)1, 32).ToArray() }, time).FindKey(text, Videos[0]));
        Assert.Null(tokens.FindKey(text.Replace(Owner.Id, "abcdefghijkm"), Videos[0]));
        Assert.Null(tokens.FindKey($"{end.ToUnixTimeSeconds() + 1}{text[text.IndexOf('.')..]}", Videos[0]));
        for (var at = 0; at < text.Length; at++) Assert.Null(tokens.FindKey($"{text[..at]}{(text[at] == 'q' ? 'r' : 'q')}{text[(at + 1)..]}", Videos[0]));
        foreach (var other in (string[])["", ".", "..", "...", "9..", $"{text}.", $"{text}AAAA", new string('.', 100_000), $"99999999999.{Owner.Id}."]) Assert.Null(tokens.FindKey(other, Videos[0]));
        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.NotNull(tokens.FindKey(text, Videos[0]));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(tokens.FindKey(text, Videos[0]));
    }
}
