using FsCheck;
using FsCheck.Fluent;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Pipeline.Tests.Requests;

public sealed class RequestValidatorTests
{
    private static readonly ModelDefaults Defaults = ModelDefaults.Wan;
    private static readonly ModelLimits Limits = ModelLimits.Wan;
    private static readonly VideoRequest Good = new() { Prompt = "a red ball bounces" };

    [Fact]
    public void Resolve_OnlyAPrompt_TakesEverythingElseFromTheModel()
    {
        var resolved = RequestValidator.Resolve(Good, Defaults, Limits);
        Assert.Equal(new ResolvedRequest("a red ball bounces", "", 832, 480, 81, 16, 50, 5, 3, "unipc", resolved.Seed, new AttentionOptions(), null), resolved);
        Assert.InRange(resolved.Seed, 0, int.MaxValue - 1);
    }

    [Fact]
    public void Resolve_NoSeed_ChoosesAnotherEachTime() =>
        Assert.True(Enumerable.Range(0, 20).Select(_ => RequestValidator.Resolve(Good, Defaults, Limits).Seed).Distinct().Count() > 15);

    [Fact]
    public void Resolve_EverythingSaid_KeepsIt()
    {
        var request = new VideoRequest
        {
            Prompt = "line one\nline two\ttabbed 🎈",
            NegativePrompt = "blurry",
            Width = 256,
            Height = 192,
            FrameCount = 41,
            FrameRate = 23.976,
            Steps = 7,
            GuidanceScale = 0,
            FlowShift = 1.5,
            Scheduler = "dpm++",
            Seed = RequestRules.MaximumSeed,
            Attention = new AttentionRequest { Method = "dense", Backend = "sdpa" },
            PreviewEverySteps = 2,
        };
        Assert.Equal(new ResolvedRequest(request.Prompt, "blurry", 256, 192, 41, 23.976, 7, 0, 1.5, "dpm++", RequestRules.MaximumSeed, new AttentionOptions { Backend = "sdpa" }, 2), RequestValidator.Resolve(request, Defaults, Limits));
    }

    [Fact]
    public void Resolve_Preset_FillsGapsAndNothingElse()
    {
        var defaults = Defaults with { Presets = new Dictionary<string, ModelDefaults> { ["large"] = Defaults with { Width = 1280, Height = 720, Steps = 40, Attention = new AttentionRequest { Method = "xattention" } } } };

        var resolved = RequestValidator.Resolve(Good with { Preset = "large", Height = 704 }, defaults, Limits);

        Assert.Equal((1280, 704, 40, 81, "xattention", "large"), (resolved.Width, resolved.Height, resolved.Steps, resolved.FrameCount, resolved.Attention.Method, resolved.Preset));
        Assert.Equal((832, null), (RequestValidator.Resolve(Good, defaults, Limits).Width, RequestValidator.Resolve(Good, defaults, Limits).Preset));
    }

    [Fact]
    public void Resolve_UnknownPreset_NamesThoseThatExist()
    {
        var defaults = Defaults with { Presets = new Dictionary<string, ModelDefaults> { ["large"] = Defaults, ["fast"] = Defaults } };
        Assert.Equal("preset \"Large\" is not usable: it must be one of large, fast. Set --preset to one of them.", Problem(Good with { Preset = "Large" }, defaults));
        Assert.Equal("preset \"\" is not usable: the model has no presets. Leave --preset out; --width, --height and --frames set a size.", Problem(Good with { Preset = "" }, Defaults));

        static string Problem(VideoRequest request, ModelDefaults defaults) => Assert.Throws<RequestValidationException>(() => RequestValidator.Resolve(request, defaults, Limits)).Message;
    }

    [Fact]
    public void Resolve_EveryFieldWrong_ReportsAllOfThemInOrder()
    {
        var request = new VideoRequest
        {
            Prompt = "",
            Preset = "huge",
            NegativePrompt = "\u0000",
            Width = 850,
            Height = 0,
            FrameCount = 80,
            FrameRate = 121,
            Steps = 0,
            GuidanceScale = double.NaN,
            FlowShift = double.NegativeInfinity,
            Scheduler = "ddim",
            Seed = -1,
            Attention = new AttentionRequest { Method = "sparse" },
            PreviewEverySteps = 0,
        };
        string[] fields = ["prompt", "preset", "negative-prompt", "width", "height", "frames", "fps", "steps", "guidance", "flow-shift", "scheduler", "seed", "attention", "preview"];
        Assert.Equal(fields, Problems(request).Select(problem => problem.Field));
    }

    [Theory]
    [InlineData("a\u0001b", "U+0001 at character 2")]
    [InlineData("a\u007f", "U+007F at character 2")]
    [InlineData("\u0085", "U+0085 at character 1")]
    public void Resolve_UnprintableCharacter_NamesItAndItsPlace(string prompt, string place) =>
        Assert.Contains(place, Problems(Good with { Prompt = prompt }).Single(problem => problem.Got.StartsWith("with", StringComparison.Ordinal)).Message, StringComparison.Ordinal);

    // A fact, not a theory: half a surrogate pair does not survive in the metadata of an attribute.
    [Fact]
    public void Resolve_HalfASurrogatePair_NamesItAndItsPlace()
    {
        Assert.Contains("U+D800 at character 3", Assert.Single(Problems(Good with { Prompt = "ab\ud800" })).Message, StringComparison.Ordinal);
        Assert.Contains("U+DC00 at character 1", Assert.Single(Problems(Good with { Prompt = "\udc00x" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32_000, true)]
    [InlineData(32_001, false)]
    public void Resolve_LongPrompt_IsLegalUpToTheLimit(int length, bool isLegal) => Assert.Equal(isLegal, IsLegal(Good with { Prompt = new string('x', length) }));

    [Theory]
    [InlineData(848, true)]
    [InlineData(16, true)]
    [InlineData(16368, true)]
    [InlineData(16384, false)]
    [InlineData(8, false)]
    [InlineData(-16, false)]
    [InlineData(int.MinValue, false)]
    [InlineData(int.MaxValue, false)]
    public void Resolve_Width_MustBeAMultipleInRange(int width, bool isLegal) => Assert.Equal(isLegal, IsLegal(Good with { Width = width, Height = 16, FrameCount = 1 }));

    [Fact]
    public void Resolve_WidthBetweenTwoMultiples_NamesBoth() =>
        Assert.Equal("width 850 is not usable: it must be a multiple of 16 from 16 to 16368. Nearest: 848 or 864. Set --width to a legal value.", Assert.Single(Problems(Good with { Width = 850 })).Message);

    [Fact]
    public void Resolve_AnyWidthAndFrames_NearestValuesAreLegalAndNearest() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<int>(), (width, frames) =>
        {
            var request = Good with { Width = width, Height = 16, FrameCount = frames };
            return Problems(request, Limits).All(problem =>
            {
                var given = problem.Field == "width" ? width : frames;
                var step = problem.Field == "width" ? Limits.SizeMultiple : Limits.TemporalFactor;
                var nearest = problem.Nearest.Select(int.Parse).ToArray();
                var areLegal = nearest.All(value => !Problems(problem.Field == "width" ? request with { Width = value } : request with { FrameCount = value }, Limits).Any(other => other.Field == problem.Field));
                var areNear = nearest.Length == 2 ? nearest[0] < given && given < nearest[1] && nearest[1] - nearest[0] == step : nearest.Length == 1;
                return areLegal && areNear;
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Resolve_AnyNumbers_EitherLegalOrWithLegalNeighbour() =>
        Prop.ForAll(ArbMap.Default.ArbFor<double>(), ArbMap.Default.ArbFor<long>(), (number, seed) =>
        {
            var request = Good with { GuidanceScale = number, FrameRate = number, FlowShift = number, Seed = seed };
            return Problems(request, Limits).All(problem => (problem.Nearest, problem.Field) switch
            {
                ([], _) => double.IsNaN(number),
                ([var nearest], "seed") => IsLegal(Good with { Seed = long.Parse(nearest) }),
                ([var nearest], "guidance") => IsLegal(Good with { GuidanceScale = double.Parse(nearest) }),
                ([var nearest], "fps") => IsLegal(Good with { FrameRate = double.Parse(nearest) }),
                ([var nearest], "flow-shift") => IsLegal(Good with { FlowShift = double.Parse(nearest) }),
                _ => false,
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Resolve_LegalSizesWithTooManyTokens_NamesTheFramesThatFit()
    {
        var limits = Limits with { MaxTokens = 10_000 };
        var request = Good with { Width = 832, Height = 480, FrameCount = 81 };
        var problem = Assert.Single(Problems(request, limits));
        Assert.Equal(("frames", "21 frames at that size"), (problem.Field, Assert.Single(problem.Nearest)));
        Assert.Empty(Problems(request with { FrameCount = 21 }, limits));
        Assert.NotEmpty(Problems(request with { FrameCount = 25 }, limits));
    }

    [Fact]
    public void Resolve_TokensFarTooMany_DoesNotOverflow() =>
        Assert.Contains("video tokens", Assert.Single(Problems(Good with { Width = 16368, Height = 16368, FrameCount = 4093 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Resolve_DefaultsThatTheModelCannotCompute_AreRefusedToo() =>
        Assert.Equal("width", Assert.Single(Assert.Throws<RequestValidationException>(() => RequestValidator.Resolve(Good, Defaults with { Width = 100 }, Limits)).Problems).Field);

    private static IReadOnlyList<RequestProblem> Problems(VideoRequest request, ModelLimits? limits = null)
    {
        try
        {
            RequestValidator.Resolve(request, Defaults, limits ?? Limits);
            return [];
        }
        catch (RequestValidationException error)
        {
            return error.Problems;
        }
    }

    private static bool IsLegal(VideoRequest request) => Problems(request).Count == 0;
}
