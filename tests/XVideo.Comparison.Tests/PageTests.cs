using System.Text.Json;
using System.Text.RegularExpressions;
using XVideo.Comparison.Page;
using XVideo.Comparison.Results;
using XVideo.Video;

namespace XVideo.Comparison.Tests;

public sealed class PageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_PromptThatEndsAScript_StaysDataAndReadsBackTheSame()
    {
        const string prompt = "a \"quoted\" </script><script>alert('x')</script> <!-- & {{media}} \u2028 τ 😀";
        var report = PageSample.Grid(1);
        var page = Write(report with { Title = prompt, Prompts = [report.Prompts[0] with { Text = prompt }] });
        Assert.DoesNotContain("<script>alert", page);
        Assert.Equal(prompt, Data(page).GetProperty("prompts")[0].GetProperty("text").GetString());
        Assert.Equal(prompt, Data(page).GetProperty("title").GetString());
        Assert.Equal(page.Split("<script").Length, page.Split("</script>").Length);
        Assert.Contains("<h1>a &quot;quoted&quot; &lt;/script&gt;&lt;script&gt;", page);
    }

    [Fact]
    public void Write_AnyReport_RefersToNothingElsewhere()
    {
        var page = Write(PageSample.Grid(2));
        // The namespace of SVG is a name, not an address.
        Assert.DoesNotMatch(@"https?://(?!www\.w3\.org/2000/svg)", page);
        Assert.DoesNotMatch(@"@import|<link[^>]+href=""(?!data:)|<script[^>]+src=|url\((?!#)", page);
        Assert.Contains("default-src 'none'", page);
    }

    [Fact]
    public void Write_Policy_AllowsTheScriptThatIsThere()
    {
        var page = Write(PageSample.Grid(1));
        var script = Regex.Match(page, @"<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", page);
    }

    [Fact]
    public void Write_InfinitePsnr_IsTheWordInfinity()
    {
        var data = Data(Write(PageSample.Files(("a.mp4", "a/a.mp4", "b/a.mp4"), ("b.mp4", "a/b.mp4", "b/b.mp4"))));
        var equal = data.GetProperty("pairs")[1].GetProperty("file");
        Assert.Equal("Infinity", equal.GetProperty("means").GetProperty("psnr").GetString());
        Assert.All(equal.GetProperty("frames").GetProperty("psnr").EnumerateArray(), frame => Assert.Equal("Infinity", frame.GetString()));
        Assert.Equal(1, equal.GetProperty("means").GetProperty("ssim").GetDouble());
        Assert.Equal("Infinity", data.GetProperty("arms")[0].GetProperty("file").GetProperty("psnr").GetProperty("mean").GetString());
    }

    [Fact]
    public void Write_Numbers_KeepSixDigits()
    {
        var report = PageSample.Grid(1, small: true);
        var data = Data(Write(report));
        Assert.Equal(report.Pairs[0].Raw!.Means["psnr"], data.GetProperty("pairs")[0].GetProperty("raw").GetProperty("means").GetProperty("psnr").GetDouble(), 1e-4);
        Assert.Equal(report.Arms[1].Raw["density"].Low, data.GetProperty("arms")[1].GetProperty("raw").GetProperty("density").GetProperty("low").GetDouble(), 1e-6);
    }

    [Fact]
    public void Write_ClipsThatFit_AreInsideWithTheirBytes()
    {
        var page = Write(WithClips(prompts: 2, bytesEach: 5000));
        var inside = Inside(page);
        Assert.Equal(8, inside.Count);
        Assert.All(inside, clip => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, clip.Key)), clip.Value));
    }

    [Fact]
    public void Write_ClipsThatDoNotFit_AreLinkedAndThoseOfTheFirstPromptsAreInside()
    {
        var report = WithClips(prompts: 4, bytesEach: 90_000);
        var bare = Write(report, largest: 0);
        Assert.Empty(Inside(bare));
        var largest = bare.Length + 700_000;
        var page = Write(report, largest);
        Assert.InRange(new FileInfo(Path.Combine(_folder, ComparisonPage.FileName)).Length, largest - 200_000, largest);
        // 120,000 characters a clip: five fit, which are the four of the first prompt and the full-attention clip of the second.
        Assert.Equal(["clips/0-full.mp4", "clips/0-xattention-t0.80-s8-w10.mp4", "clips/0-xattention-t0.90-s8-w10.mp4", "clips/0-xattention-t0.95-s8-w10.mp4", "clips/1-full.mp4"], Inside(page).Keys);
    }

    [Fact]
    public void Write_ClipBehindALink_CountsWithItsOwnSize()
    {
        Link("a.mp4", bytes: 300_000);
        var report = PageSample.Files(("a", "a.mp4", "a.mp4"));
        var bare = Write(report, largest: 0);
        Assert.Empty(Inside(Write(report, bare.Length + 399_000)));
        Assert.Equal(300_000, Inside(Write(report, bare.Length + 402_000))["a.mp4"].Length);
    }

    [Fact]
    public void Write_PathsWithUnusualCharacters_AreLinkedEncoded()
    {
        var elsewhere = Path.Combine(_folder, "other place", "a#1.mp4");
        var links = Links(Write(PageSample.Files(("a", "clips/50% \"off\" #1?.mp4", elsewhere))));
        Assert.Equal("clips/50%25%20%22off%22%20%231%3F.mp4", links["clips/50% \"off\" #1?.mp4"]);
        Assert.Equal(new Uri(elsewhere).AbsoluteUri, links[elsewhere]);
        Assert.StartsWith("file:///", links[elsewhere]);
        Assert.EndsWith("other%20place/a%231.mp4", links[elsewhere]);
    }

    [Fact]
    public void Write_MaskPictures_AreInsideBeforeClips()
    {
        var report = WithClips(prompts: 1, bytesEach: 100);
        File.WriteAllBytes(Path.Combine(_folder, "mask.png"), [1, 2, 3]);
        var page = Write(report with { Pairs = [report.Pairs[0], report.Pairs[1] with { Masks = [new MaskPicture("layer 3", "mask.png")] }, report.Pairs[2]] });
        Assert.Equal("mask.png", Inside(page).Keys.First());
    }

    [Fact]
    public void Write_SecondTime_ReplacesThePageAndLeavesNothingElse()
    {
        Write(PageSample.Grid(1));
        var page = Write(PageSample.Grid(2));
        Assert.Contains("TEST DATA: 2 prompts", page);
        Assert.Equal([ComparisonPage.FileName], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_MissingFolder_ThrowsAndNamesIt()
    {
        var error = Assert.Throws<VideoOutputException>(() => ComparisonPage.Write(PageSample.Grid(1), Path.Combine(_folder, "absent")));
        Assert.Contains("absent", error.Message);
    }

    private string Write(ComparisonReport report, long largest = ComparisonPage.LargestPage)
    {
        ComparisonPage.Write(report, _folder, largest);
        return File.ReadAllText(Path.Combine(_folder, ComparisonPage.FileName));
    }

    private ComparisonReport WithClips(int prompts, int bytesEach)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "clips"));
        return PageSample.Grid(prompts, small: true, clip: (prompt, arm) =>
        {
            var path = $"clips/{prompt}-{arm ?? "full"}.mp4";
            var bytes = new byte[bytesEach];
            new Random(path.Length + prompt).NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(_folder, path), bytes);
            return path;
        });
    }

    private void Link(string name, int bytes)
    {
        var target = Path.Combine(_folder, "target");
        File.WriteAllBytes(target, new byte[bytes]);
        File.CreateSymbolicLink(Path.Combine(_folder, name), target);
    }

    private static JsonElement Data(string page) => JsonDocument.Parse(Element(page, "data")).RootElement;

    private static Dictionary<string, string> Links(string page) => JsonSerializer.Deserialize<Dictionary<string, string>>(Element(page, "links"))!;

    private static string Element(string page, string id) => Regex.Match(page, $"<script type=\"application/json\" id=\"{id}\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;

    private static Dictionary<string, byte[]> Inside(string page) =>
        Regex.Matches(page, "<script type=\"[a-z]+/[a-z0-9]+;base64\" data-path=\"([^\"]*)\">([^<]*)</script>")
            .ToDictionary(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value), match => Convert.FromBase64String(match.Groups[2].Value));
}
