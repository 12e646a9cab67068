using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;

namespace XVideo.SparseAttention.Tests.Schedule;

public sealed class AttentionOptionsTests
{
    private static readonly AttentionOptions XAttention = new() { Method = "xattention" };

    public static TheoryData<AttentionOptions, string, string> Illegal { get; } = new()
    {
        { new() { Method = "sparse" }, "attention", "dense, xattention, window, oracle" },
        { new() { Backend = "sm_90" }, "attention-backend", "auto, sm90, sm80, cpu, sdpa, reference" },
        { XAttention with { Threshold = 0 }, "threshold", "more than 0 and at most 1" },
        { XAttention with { Threshold = 1.01 }, "threshold", "more than 0 and at most 1" },
        { XAttention with { Threshold = double.NaN }, "threshold", "more than 0 and at most 1" },
        { XAttention with { Threshold = new PerHead<double>([0.9, -0.1, 0.9, 0.9]) }, "threshold", "more than 0 and at most 1" },
        { XAttention with { Threshold = new PerHead<double>([0.9, 0.8]) }, "threshold", "each of the model's 4 heads" },
        { XAttention with { Stride = 12 }, "stride", "one of 4, 8, 16, because it must divide the block of 128 tokens" },
        { XAttention with { Stride = 0 }, "stride", "one of 4, 8, 16" },
        { XAttention with { Stride = 32 }, "stride", "one of 4, 8, 16" },
        { XAttention with { BlockSize = 96 }, "block-size", "one of 64, 128" },
        { XAttention with { Density = 0 }, "density", "more than 0 and at most 1" },
        { XAttention with { MinBlocks = 0 }, "min-blocks", "whole number from 1" },
        { XAttention with { MinBlocks = 5, MaxBlocks = 4 }, "max-blocks", "whole number from 5" },
        { XAttention with { DenseWarmup = StepShare.OfSteps(21) }, "dense-warmup", "at most the 20 steps" },
        { XAttention with { DenseFirstLayers = -1 }, "dense-first-layers", "from 0 to 7" },
        { XAttention with { DenseLastLayers = 8 }, "dense-last-layers", "from 0 to 7" },
        { XAttention with { RefreshInterval = 0 }, "mask-refresh", "from 1 to 1000" },
        { new() { Method = "window", Window = new TokenWindow(1, -1, 2) }, "window", "three whole numbers from 0" },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void Validate_OneIllegalValue_IsNamedWithWhatIsAllowed(AttentionOptions options, string field, string allowed)
    {
        var problem = Assert.Single(options.Validate(stepCount: 20, layerCount: 7, headCount: 4));
        Assert.Equal(field, problem.Field);
        Assert.Contains(allowed, problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ManyIllegalValues_AllAreReported()
    {
        var options = XAttention with { BlockSize = 1, Stride = 3, Threshold = 2, DenseWarmup = StepShare.OfSteps(9), Backend = "?" };
        Assert.Equal(["attention-backend", "block-size", "stride", "threshold", "dense-warmup"], options.Validate(5, 7, 4).Select(problem => problem.Field));
    }

    [Fact]
    public void Validate_ValuesThatTheMethodDoesNotRead_AreNoProblem() =>
        Assert.Empty(new AttentionOptions { Method = "dense", Threshold = 7, Stride = 3, BlockSize = 1, DenseWarmup = StepShare.OfSteps(99) }.Validate(20, 7, 4));

    [Fact]
    public void Validate_Defaults_AreLegalForEveryMethod() =>
        Assert.All(AttentionMethod.Names, name => Assert.Empty(new AttentionOptions { Method = name }.Validate(20, 7, 4)));

    [Fact]
    public void Validate_StrideBetweenTwo_NamesBoth() => Assert.Equal(["8", "16"], Assert.Single((XAttention with { Stride = 12 }).Validate()).Nearest);

    [Theory]
    [InlineData("dense", null, "dense")]
    [InlineData("xattention", null, "xattention τ 0.9 stride 8")]
    [InlineData("xattention", 0.25, "xattention density 0.25 stride 8")]
    [InlineData("oracle", null, "oracle τ 0.9")]
    [InlineData("window", null, "window 2,4,4")]
    public void Describe_Method_NamesWhatMattersMost(string method, double? density, string expected) =>
        Assert.Equal(expected, new AttentionOptions { Method = method, Density = density }.Describe());
}
