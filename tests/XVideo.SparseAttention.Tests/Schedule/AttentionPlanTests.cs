using TorchSharp;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Schedule;

/// <summary>What a plan does with backends and selectors, told by stand-ins that write down their calls.</summary>
public sealed class AttentionPlanTests
{
    private const int Tokens = 640, Heads = 2, Steps = 6, Layers = 3;
    private static readonly TokenGrid Grid = new(5, 8, 16);
    private static readonly AttentionDesc Desc = new(ScalarType.Float32, DeviceType.CPU, null, 1, Heads, Tokens, Tokens, 8, null);
    private static readonly AttentionOptions Sparse = new() { Method = "xattention", DenseWarmup = StepShare.OfSteps(2) };

    [Fact]
    public void Create_Auto_TakesTheFirstBackendThatCan()
    {
        var (refuses, can) = (new Backend("sm90", "It needs a GPU."), new Backend("cpu"));
        using var selector = new Selector();
        using var plan = Plan(Sparse, selector, refuses, can);
        Run(plan, step: 0);
        Run(plan, step: 2);
        Assert.Equal((0, 2 * Layers), (refuses.Calls, can.Calls));
        Assert.Equal("cpu", plan.Report().Backend);
    }

    [Fact]
    public void Create_NamedBackendThatRefuses_SaysWhyAndNamesThoseThatWouldWork()
    {
        var error = Assert.Throws<AttentionNotAvailableException>(() =>
            AttentionPlan.Create(Sparse with { Backend = "sdpa" }, Steps, Layers, Desc, default, [new Backend("cpu"), new Backend("sdpa", "It takes no block lists."), new Backend("reference")], null));
        Assert.Equal("sdpa", error.Backend);
        Assert.Equal("Attention backend sdpa cannot be used: It takes no block lists. Allow another with --attention-backend auto, or name one of: cpu, reference.", error.Message);
    }

    [Fact]
    public void Create_NamedBackendThatIsNotHere_SaysSo()
    {
        var error = Assert.Throws<AttentionNotAvailableException>(() => AttentionPlan.Create(Sparse with { Backend = "sm90" }, Steps, Layers, Desc, default, [new Backend("cpu")], null));
        Assert.Contains("There is no backend of that name on the CPU. Allow another with --attention-backend auto, or name one of: cpu.", error.Message);
    }

    [Fact]
    public void Create_AllRefuse_GivesEveryReason()
    {
        var error = Assert.Throws<AttentionNotAvailableException>(() => AttentionPlan.Create(Sparse, Steps, Layers, Desc, default, [new Backend("sm90", "Reason one."), new Backend("cpu", "Reason two.")], null));
        Assert.Contains("Reason one. Reason two.", error.Message);
    }

    [Fact]
    public void Create_IllegalOptions_ThrowsWithEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(() => AttentionPlan.Create(Sparse with { Stride = 5, Threshold = 3 }, Steps, Layers, Desc));
        Assert.Contains("stride 5", error.Message);
        Assert.Contains("threshold 3", error.Message);
    }

    [Fact]
    public void Forward_OtherShape_NamesGotAndExpected()
    {
        using var plan = Plan(Sparse, new Selector());
        using var wrong = zeros([1, Heads, Tokens - 1, 8]);
        using var right = zeros([1, Heads, Tokens, 8]);
        var error = Assert.Throws<ArgumentException>(() => plan.Forward(right, wrong, right, At(0, 0)));
        Assert.Contains($"key is [1, {Heads}, {Tokens - 1}, 8] Float32; the plan was made for [1, {Heads}, {Tokens}, 8]", error.Message);
    }

    [Theory]
    [InlineData(Steps, 0, 0)]
    [InlineData(0, Layers, 0)]
    [InlineData(0, 0, 2)]
    [InlineData(-1, 0, 0)]
    public void Forward_PlaceOutsideThePlan_Throws(int step, int layer, int branch)
    {
        using var plan = Plan(Sparse, new Selector());
        using var x = zeros([1, Heads, Tokens, 8]);
        Assert.Contains("outside the plan", Assert.Throws<ArgumentException>(() => plan.Forward(x, x, x, At(step, layer, branch))).Message);
    }

    [Fact]
    public void Forward_DenseCalls_AskNoSelector()
    {
        using var selector = new Selector();
        using var plan = Plan(Sparse with { DenseFirstLayers = 1 }, selector);
        for (var step = 0; step < Steps; step++) Run(plan, step);
        Assert.Equal((Steps - 2) * (Layers - 1), selector.Places.Count);
        Assert.All(selector.Places, place => Assert.True(place.Pass.Step >= 2 && place.Layer >= 1));
    }

    [Theory]
    [InlineData(1, new[] { 2, 3, 4, 5 })]
    [InlineData(2, new[] { 2, 4 })]
    [InlineData(3, new[] { 2, 5 })]
    [InlineData(9, new[] { 2 })]
    public void Forward_RefreshInterval_ChoosesAnewEverySoManySteps(int interval, int[] expected)
    {
        using var selector = new Selector();
        using var plan = Plan(Sparse with { RefreshInterval = interval }, selector);
        for (var step = 0; step < Steps; step++)
            for (var branch = 0; branch < 2; branch++) Run(plan, step, branch);
        // Each layer and branch keeps a choice of its own.
        for (var branch = 0; branch < 2; branch++)
            for (var layer = 0; layer < Layers; layer++)
                Assert.Equal(expected, selector.Places.Where(place => place.Layer == layer && place.Pass.Branch == branch).Select(place => place.Pass.Step));
    }

    [Fact]
    public void Forward_StaticSelector_ChoosesOnceForAllLayersStepsAndBranches()
    {
        using var selector = new Selector { IsStatic = true };
        using var plan = Plan(Sparse, selector);
        for (var step = 0; step < Steps; step++)
            for (var branch = 0; branch < 2; branch++) Run(plan, step, branch);
        Assert.Single(selector.Places);
        Assert.Equal(0.4, plan.Report().SparseDensity!.Value, 12);
    }

    [Fact]
    public void Forward_SelectorWithAnOrder_SelectsInItAndUndoesItOnTheOutput()
    {
        using var scope = NewDisposeScope();
        using var selector = new Selector { IsReversing = true };
        using var plan = Plan(Sparse, selector, new Backend("cpu", keepsQueries: true));
        var x = arange(Tokens, ScalarType.Float32).reshape(1, 1, Tokens, 1).expand(1, Heads, Tokens, 8).contiguous();
        var output = plan.Forward(x, x, x, At(2, 0));
        Assert.Equal(Tokens - 1, selector.FirstQuery);
        Assert.Equal(0, (output - x).abs().max().ToDouble());
    }

    [Fact]
    public void Forward_OrderReusedWithItsBlocks_IsStillThereInTheNextStep()
    {
        using var scope = NewDisposeScope();
        using var selector = new Selector { IsReversing = true };
        using var plan = Plan(Sparse with { RefreshInterval = 2 }, selector, new Backend("cpu", keepsQueries: true));
        var x = arange(Tokens, ScalarType.Float32).reshape(1, 1, Tokens, 1).expand(1, Heads, Tokens, 8).contiguous();
        plan.Forward(x, x, x, At(2, 0));
        var output = plan.Forward(x, x, x, At(3, 0));
        Assert.Single(selector.Places);
        Assert.Equal(0, (output - x).abs().max().ToDouble());
    }

    [Fact]
    public void Report_MixedCalls_AddsUp()
    {
        using var selector = new Selector();
        using var plan = Plan(Sparse with { DenseLastLayers = 1 }, selector);
        for (var step = 0; step < 3; step++)
            for (var branch = 0; branch < 2; branch++) Run(plan, step, branch);
        var report = plan.Report();
        // 3 steps × 3 layers × 2 branches; sparse are 2 layers of the last step, each with 2 of 5 blocks in every row.
        Assert.Equal((14 + (4 * 0.4)) / 18, report.Density, 12);
        Assert.Equal(0.4, report.SparseDensity!.Value, 12);
        Assert.Equal((Tokens, 128, "xattention", "cpu"), (report.Tokens, report.BlockSize, report.Method, report.Backend));
        Assert.Equal(
            [(0, 0, 2, "warm-up"), (1, 0, 2, "warm-up"), (2, 0, 1, null), (2, 2, 2, "last layers")],
            report.Entries.Select(entry => (entry.Step, entry.FirstLayer, entry.LastLayer, entry.DenseReason)));
        Assert.Equal([1, 1, 0.4, 1], report.Entries.Select(entry => Math.Round(entry.Density, 12)));
        Assert.Equal(report.AttentionTime!.Value.Ticks, report.Entries.Sum(entry => entry.AttentionTime!.Value.Ticks));
        Assert.Equal(report.SelectionTime!.Value.Ticks, report.Entries.Sum(entry => entry.SelectionTime!.Value.Ticks));
        Assert.Equal(TimeSpan.Zero, report.Entries[0].SelectionTime);
        Assert.Equal("attention xattention τ 0.9 stride 8 on cpu: density 0.87 (sparse calls 0.40), 2 dense warm-up steps of 6", report.Summary);
    }

    [Fact]
    public void Report_FewTokens_SaysWhyEverythingWasDense()
    {
        using var selector = new Selector();
        using var plan = AttentionPlan.Create(Sparse, Steps, Layers, Desc with { QueryTokens = 100, KeyTokens = 100 }, default, [new Backend("cpu")], selector);
        using var x = zeros([1, Heads, 100, 8]);
        plan.Forward(x, x, x, At(5, 0)).Dispose();
        Assert.Empty(selector.Places);
        Assert.Equal("attention xattention τ 0.9 stride 8 on cpu: every call was dense (few tokens)", plan.Report().Summary);
    }

    [Fact]
    public void Report_WithoutCalls_IsEmpty()
    {
        using var plan = Plan(Sparse, new Selector());
        Assert.Empty(plan.Report().Entries);
    }

    [Fact]
    public void Report_TimelineOfItsOwn_TakesItsTimes()
    {
        using var plan = AttentionPlan.Create(Sparse, Steps, Layers, Desc, default, [new Backend("cpu")], new Selector(), new CountingTimeline());
        Run(plan, step: 2);
        // Three moments a call, one second apart.
        Assert.Equal((TimeSpan.FromSeconds(Layers), TimeSpan.FromSeconds(Layers)), (plan.Report().SelectionTime, plan.Report().AttentionTime));
    }

    [Fact]
    public void Observe_EverySparseCall_IsShownAlsoWhenBlocksAreReused()
    {
        using var plan = Plan(Sparse with { RefreshInterval = 2 }, new Selector());
        var seen = new List<int>();
        plan.Observe = observation => seen.Add(observation.Context.Place.Pass.Step);
        for (var step = 0; step < Steps; step++) Run(plan, step);
        Assert.Equal([2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5], seen);
    }

    [Fact]
    public void Dispose_AfterRefreshingSteps_FreesTheSelectorAndKeptLists()
    {
        var selector = new Selector();
        var plan = Plan(Sparse with { RefreshInterval = 3 }, selector);
        Run(plan, step: 2);
        plan.Dispose();
        Assert.True(selector.IsDisposed);
        Assert.All(selector.Lists, list => Assert.True(list.Counts.IsInvalid));
    }

    [Theory]
    [InlineData("xattention")]
    [InlineData("window")]
    [InlineData("oracle")]
    public void Forward_RealSelectorThatKeepsEverything_EqualsDense(string method)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (q, k, v) = (randn([1, Heads, Tokens, 8]), randn([1, Heads, Tokens, 8]), randn([1, Heads, Tokens, 8]));
        var options = new AttentionOptions { Method = method, Threshold = 1, Window = new TokenWindow(5, 8, 16), DenseWarmup = StepShare.OfSteps(0) };
        using var sparse = AttentionPlan.Create(options, 1, 1, Desc);
        using var dense = AttentionPlan.Create(new AttentionOptions { Method = "dense" }, 1, 1, Desc);
        var difference = (sparse.Forward(q, k, v, At(0, 0)) - dense.Forward(q, k, v, At(0, 0))).abs().max().ToDouble();
        Assert.InRange(difference, 0, 1e-6);
        Assert.Equal(1, sparse.Report().SparseDensity);
    }

    private static AttentionPlan Plan(AttentionOptions options, Selector selector, params Backend[] backends) =>
        AttentionPlan.Create(options, Steps, Layers, Desc, default, backends.Length == 0 ? [new Backend("cpu")] : backends, selector);

    private static AttentionPlace At(int step, int layer, int branch = 0) => new(new DenoisePass(step, branch), layer, Grid);

    private static void Run(AttentionPlan plan, int step, int branch = 0)
    {
        using var x = zeros([1, Heads, Tokens, 8]);
        for (var layer = 0; layer < Layers; layer++) plan.Forward(x, x, x, At(step, layer, branch)).Dispose();
    }

    private sealed class Backend(string name, string? refusal = null, bool keepsQueries = false) : IAttentionBackend
    {
        public string Name => name;

        public int Calls { get; private set; }

        public string? Refusal(AttentionDesc desc) => refusal;

        public AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false)
        {
            Calls++;
            return new AttentionResult(keepsQueries ? query.clone() : zeros_like(query));
        }
    }

    // Keeps the diagonal and the first block, but in row 0, where that would be one, also the second: always two of five.
    private sealed class Selector : IBlockSelector
    {
        public string Name => "fake";

        public bool IsStatic { get; init; }

        public bool IsReversing { get; init; }

        public bool IsDisposed { get; private set; }

        public float FirstQuery { get; private set; }

        public List<AttentionPlace> Places { get; } = [];

        public List<BlockList> Lists { get; } = [];

        public BlockList Select(in SelectionContext context)
        {
            Places.Add(context.Place);
            FirstQuery = context.Query.select(2, 0).reshape(-1).select(0, 0).item<float>();
            var (rows, columns) = (context.Layout.QueryBlocks, context.Layout.KeyBlocks);
            var indices = new int[rows * columns];
            for (var row = 0; row < rows; row++) indices[(row * columns) + 1] = Math.Max(1, row);
            var list = new BlockList(context.Layout, full([1, 1, rows], 2, ScalarType.Int32), tensor(indices).reshape(1, 1, rows, columns));
            Lists.Add(list);
            return list;
        }

        public TokenOrder? Order(in SelectionContext context) => IsReversing ? new TokenOrder(arange(Tokens - 1, -1, -1, ScalarType.Int64)) : null;

        public void Dispose() => IsDisposed = true;
    }

    private sealed class CountingTimeline : IAttentionTimeline
    {
        private int _marks;

        public int Mark() => _marks++;

        public TimeSpan Between(int from, int to) => TimeSpan.FromSeconds(to - from);

        public void Dispose() { }
    }
}
