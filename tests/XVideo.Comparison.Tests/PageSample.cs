using System.Globalization;
using XVideo.Comparison.Results;
using XVideo.Comparison.Statistics;

namespace XVideo.Comparison.Tests;

/// <summary>Reports for tests of the page: numbers from a formula that looks like a comparison, and say so.</summary>
internal static class PageSample
{
    public const int Frames = 41;

    private static readonly string[] Texts =
    [
        "a red ball bounces on green grass", "a yellow fish swims right", "two balloons, one blue and one orange, rise over the sea at dusk", "a boat sails left under a cloudy sky",
        "snow falls on a small house at night", "a clock's hands turn slowly",
    ];

    /// <summary>A grid: threshold × stride × warm-up of XAttention, both baselines at equal density, and the noise floor.</summary>
    /// <param name="prompts">How many.</param>
    /// <param name="clip">The path of a prompt's clip for an arm (<see langword="null"/>: full attention); gives <see langword="null"/> where there is none.</param>
    /// <param name="small">Three settings without baselines instead of 27 with both.</param>
    public static ComparisonReport Grid(int prompts = 3, Func<int, string?, string?>? clip = null, bool small = false)
    {
        var arms = Arms(small).ToList();
        var pairs = Enumerable.Range(0, prompts).SelectMany(prompt => arms.Select(arm => Pair(prompt, arm, clip?.Invoke(prompt, arm.Id)))).ToList();
        return new ComparisonReport
        {
            Title = $"TEST DATA: {prompts} prompts × {arms.Count(arm => arm.Method == "xattention")} settings",
            Created = new DateTime(2026, 11, 22, 14, 30, 0, DateTimeKind.Utc),
            Version = "0.1.0",
            Environment = [new("Data", "made by a formula in the tests; nothing was rendered"), new("Machine", "2 cores of an AMD EPYC"), new("Device", "cpu, float32, 2 threads"), new("libtorch", "1.13.1")],
            Settings = [new("Model", "weights/default, 4f1c0a6d9e7755b2c0a8"), new("Size", "256×192, 41 frames, 16 frames/s"), new("Steps", "20, flow-euler, guidance 4")],
            Prompts = [.. Enumerable.Range(0, prompts).Select(at => new ComparedPrompt { Index = at, Text = Texts[at % Texts.Length], Seed = 100 + at, Clip = clip?.Invoke(at, null), Cost = Cost(10, 1) })],
            Arms = [.. arms.Select(arm => arm with { Clips = prompts, Raw = Means(arm, prompts), File = Scores(arm, prompts, domain: -0.6) })],
            Pairs = pairs,
            Gains = BaselineGains.Of(arms, pairs),
            NotComputed = [new("vmaf", "this ffmpeg has no libvmaf; build or install one that lists it under ffmpeg -filters"), new("lpips of prompt 3", "metric weights were not given: --metric-weights FOLDER with alexnet-owt-7be5be79.pth and alex.pth")],
        };
    }

    /// <summary>Videos of files: no densities, no times, one arm; the second pair is equal.</summary>
    public static ComparisonReport Files(params (string Name, string Reference, string Video)[] files)
    {
        var arm = new ArmSummary { Id = "file", Label = "b against a", Method = "file", Settings = [], Clips = files.Length, Raw = Empty, File = Scores(null, files.Length, 0) };
        return new ComparisonReport
        {
            Title = "TEST DATA: clips/b against clips/a",
            Created = new DateTime(2026, 11, 22, 14, 30, 0, DateTimeKind.Utc),
            Version = "0.1.0",
            Environment = [new("Decoder", "ffmpeg 5.1")],
            Settings = [],
            Prompts = [.. files.Select((file, at) => new ComparedPrompt { Index = at, Text = file.Name, Clip = file.Reference })],
            Arms = [arm],
            Pairs = [.. files.Select((file, at) => new PairResult { Prompt = at, Arm = arm.Id, Clip = file.Video, File = FrameScores(at == 1 ? double.PositiveInfinity : 31 + at, at) })],
            NotComputed = [],
        };
    }

    private static IReadOnlyDictionary<string, ArmStatistic> Empty { get; } = new Dictionary<string, ArmStatistic>();

    private static IEnumerable<ArmSummary> Arms(bool small)
    {
        double[] thresholds = [0.80, 0.90, 0.95];
        int[] strides = small ? [8] : [4, 8, 16], warmups = small ? [10] : [0, 10, 20];
        foreach (var threshold in thresholds)
            foreach (var stride in strides)
                foreach (var warmup in warmups)
                {
                    var id = Invariant($"xattention-t{threshold:0.00}-s{stride}-w{warmup}");
                    yield return Arm(id, Invariant($"XAttention τ {threshold:0.00}, stride {stride}, warm-up {warmup} %"), "xattention", null, [new("threshold", Invariant($"{threshold:0.00}")), new("stride", Invariant($"{stride}")), new("dense-warmup", $"{warmup} %")]);
                    foreach (var method in small ? [] : new[] { "random", "window" })
                        yield return Arm($"{method}-at-{id}", Invariant($"{method} at the density of τ {threshold:0.00}, stride {stride}, warm-up {warmup} %"), method, id, [new("dense-warmup", $"{warmup} %")]);
                }
        if (!small) yield return Arm("floor", "full attention, another backend (noise floor)", "dense", null, []);
    }

    private static ArmSummary Arm(string id, string label, string method, string? matches, IReadOnlyList<NamedValue> settings) =>
        new() { Id = id, Label = label, Method = method, MatchesDensityOf = matches, Settings = settings, Clips = 0, Raw = Empty, File = Empty };

    // The settings of the arm's own or of the one whose density it copies are in the id.
    private static (double Threshold, int Stride, int Warmup) SettingsOf(string id)
    {
        if (id == "floor") return (1, 8, 0);
        var parts = id[id.IndexOf("-t", StringComparison.Ordinal)..].Split('-', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(parts[0][1..], CultureInfo.InvariantCulture), int.Parse(parts[1][1..]), int.Parse(parts[2][1..]));
    }

    private static double Density(string id)
    {
        if (id == "floor") return 1;
        var (threshold, stride, warmup) = SettingsOf(id);
        var sparse = 0.20 + ((threshold - 0.8) * 1.7) + (stride * 0.003);
        return (warmup / 100.0) + ((1 - (warmup / 100.0)) * sparse);
    }

    private static double Psnr(ArmSummary arm, int prompt)
    {
        if (arm.Id == "floor") return 44 + (prompt % 3);
        var (_, stride, warmup) = SettingsOf(arm.Id);
        var loss = arm.Method switch { "random" => 6.5, "window" => 2.5, _ => 0 };
        return 19 + (16 * Density(arm.Id)) + (warmup * 0.18) - (stride * 0.06) - loss + (1.8 * Math.Sin((prompt * 2.1) + stride));
    }

    private static double Speedup(string id) => 1 / (0.35 + (0.65 * Density(id)) + (0.12 / SettingsOf(id).Stride));

    private static RenderCost Cost(double seconds, double speedup) =>
        new() { TotalSeconds = 3 + (seconds / speedup), DenoiseSeconds = seconds / speedup, AttentionSeconds = 0.7 * seconds / speedup, SelectionSeconds = speedup > 1 ? 0.3 : null, Backend = "cpu-sparse" };

    private static PairResult Pair(int prompt, ArmSummary arm, string? clip) => new()
    {
        Prompt = prompt,
        Arm = arm.Id,
        Clip = clip,
        Raw = FrameScores(Psnr(arm, prompt), prompt),
        File = FrameScores(Psnr(arm, prompt) - 0.6, prompt),
        Cost = Cost(10, Speedup(arm.Id)),
        Density = Density(arm.Id),
        SparseDensity = arm.Id == "floor" ? null : Density(arm.Id) * 0.9,
        Attention = prompt < 2 && arm.Method != "dense" ? [.. Samples(arm)] : [],
    };

    private static IEnumerable<AttentionSample> Samples(ArmSummary arm) =>
        from open in new[] { true, false }
        from step in new[] { 4, 10, 16 }
        from layer in new[] { 0, 4, 8 }
        let recall = 0.98 - (0.3 * (1 - Density(arm.Id))) - (layer * 0.004) + (step * 0.002) - (open ? 0 : 0.01)
        select new AttentionSample
        {
            IsOpenLoop = open, Step = step, Layer = layer, Density = Density(arm.Id), Recall = recall, RecallP1 = recall - 0.2, RecallMin = recall - 0.4,
            OracleRecall = recall + 0.03, RelativeL1 = 1.1 - recall, RelativeL2 = 1.05 - recall, Cosine = 0.9 + (recall / 10),
        };

    private static PairScores FrameScores(double psnr, int prompt)
    {
        // An unlike first and middle frame give the curve something to show.
        double[] frames = [.. Enumerable.Range(0, Frames).Select(frame => psnr + (1.5 * Math.Cos((frame * 0.35) + prompt)) - (frame == 20 ? 3 : 0))];
        double[] similar = [.. frames.Select(Ssim)];
        return new PairScores
        {
            Means = new Dictionary<string, double>
            {
                ["psnr"] = frames.Average(), ["psnrCapped"] = Math.Min(100, frames.Average()), ["ssim"] = similar.Average(), ["msSsim"] = Math.Sqrt(similar.Average()), ["lpips"] = 1 - similar.Average(),
                ["temporalFlickering"] = 0.981 - (prompt * 0.001), ["referenceTemporalFlickering"] = 0.982,
            },
            Frames = new Dictionary<string, IReadOnlyList<double>> { ["psnr"] = frames, ["ssim"] = similar },
        };
    }

    private static double Ssim(double psnr) => 1 - Math.Pow(10, -psnr / 26);

    private static IReadOnlyDictionary<string, ArmStatistic> Scores(ArmSummary? arm, int prompts, double domain)
    {
        double[] psnr = [.. Enumerable.Range(0, prompts).Select(prompt => arm is null ? (prompt == 1 ? double.PositiveInfinity : 31 + prompt) : Psnr(arm, prompt) + domain)];
        return new Dictionary<string, ArmStatistic>
        {
            ["psnr"] = Statistic(psnr), ["ssim"] = Statistic(psnr.Select(Ssim)), ["msSsim"] = Statistic(psnr.Select(value => Math.Sqrt(Ssim(value)))),
            ["lpips"] = Statistic(psnr.Select(value => 1 - Ssim(value))), ["temporalFlickering"] = Statistic([0.981, 0.980]), ["referenceTemporalFlickering"] = Statistic([0.982]),
        };
    }

    private static IReadOnlyDictionary<string, ArmStatistic> Means(ArmSummary arm, int prompts)
    {
        var own = new Dictionary<string, ArmStatistic>(Scores(arm, prompts, 0))
        {
            ["density"] = Statistic([Density(arm.Id) - 0.01, Density(arm.Id) + 0.01]), ["speedup"] = Statistic([Speedup(arm.Id) * 0.9]), ["denoiseSpeedup"] = Statistic([Speedup(arm.Id) - 0.02, Speedup(arm.Id) + 0.02]),
            ["attentionSpeedup"] = Statistic([Speedup(arm.Id) * 1.2]), ["totalSeconds"] = Statistic([3 + (10 / Speedup(arm.Id))]),
        };
        if (arm.Method == "dense") return own;
        var samples = Samples(arm).ToList();
        own["recall"] = Statistic(samples.Select(sample => sample.Recall));
        own["oracleRecall"] = Statistic(samples.Select(sample => sample.OracleRecall));
        own["relativeL1"] = Statistic(samples.Select(sample => sample.RelativeL1));
        return own;
    }

    private static ArmStatistic Statistic(IEnumerable<double> values)
    {
        var all = values.Order().ToList();
        var mean = all.Average();
        var half = all.Count > 1 ? (all[^1] - all[0]) / 3 : 0;
        return new ArmStatistic(mean, all[all.Count / 2], half, mean - half, mean + half);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
