using XVideo.Comparison.Results;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Comparison.Grid;

/// <summary>The arms of a comparison: every combination of the grid, baselines at equal density, and full attention again as the noise floor.</summary>
public sealed class ArmList
{
    /// <summary>The grid when nobody gives one: the settings that are in force anyway.</summary>
    public const string DefaultGrid = "xattention";

    // Only to check a baseline's other settings; each prompt brings its own.
    private const double AnyDensity = 0.5;

    private readonly AttentionRequest _common;
    private readonly int _steps;
    private readonly Func<AttentionRequest, ResolvedRequest> _resolve;
    private readonly List<string> _problems;
    private readonly Dictionary<string, ComparisonArm> _arms = [];

    private ArmList(AttentionRequest common, int steps, Func<AttentionRequest, ResolvedRequest> resolve, List<string> problems) =>
        (_common, _steps, _resolve, _problems) = (common, steps, resolve, problems);

    /// <summary>Makes and checks all arms.</summary>
    /// <param name="grid">See <see cref="DefaultGrid"/>; sections separated by ';', each a method and <c>setting=value,value</c>.</param>
    /// <param name="baselines">Methods that read a density, for every arm with a threshold.</param>
    /// <param name="withFloor">Whether full attention runs again on another backend.</param>
    /// <param name="common">What holds where the grid says nothing, for the methods that read it; its method does not count.</param>
    /// <param name="insisted">Settings of <paramref name="common"/> that must have an effect somewhere, for the user said them just now.</param>
    /// <param name="steps">Denoising steps, to find warm-ups that are equal.</param>
    /// <param name="resolve">Completes and checks; throws <see cref="RequestValidationException"/>.</param>
    /// <param name="problems">Gets everything that is wrong.</param>
    /// <returns>In the order of the grid, each baseline after its arm; those that come out equal are there once.</returns>
    public static IReadOnlyList<ComparisonArm> Create(
        string grid, IReadOnlyList<string> baselines, bool withFloor, AttentionRequest common, IReadOnlyCollection<string> insisted, int steps,
        Func<AttentionRequest, ResolvedRequest> resolve, List<string> problems)
    {
        var list = new ArmList(common, steps, resolve, problems);
        foreach (var baseline in baselines.Where(baseline => AttentionMethod.Find(baseline)?.Settings.Contains("density") != true))
            problems.Add($"baselines \"{baseline}\" is not usable: it must be a method that keeps a given density, one of {string.Join(", ", AttentionMethod.All.Where(method => method.Settings.Contains("density")).Select(method => method.Name))}.");
        var sections = GridSection.Parse(grid, problems);
        list.CheckCommon(sections, insisted);
        if (problems.Count == 0 && withFloor) list.AddFloor();
        foreach (var section in sections.Where(list.CheckNames)) list.Add(section, problems.Count == 0 ? baselines : []);
        return [.. list._arms.Values];
    }

    private void CheckCommon(IReadOnlyList<GridSection> sections, IReadOnlyCollection<string> insisted)
    {
        foreach (var (name, value) in _common.Said().Where(setting => insisted.Contains(setting.Name) && sections.Count > 0 && !sections.Any(section => AttentionRequest.IsRead(section.Method, setting.Name))))
            _problems.Add($"{name} {value} is not usable: no method of the grid has such a setting ({string.Join(", ", sections.Select(section => section.Method).Distinct())}). Leave --{name} out.");
    }

    private bool CheckNames(GridSection section)
    {
        var before = _problems.Count;
        if (AttentionMethod.Find(section.Method) is not { } method)
        {
            _problems.Add($"grid method \"{section.Method}\" is not known: it must be one of {string.Join(", ", AttentionMethod.Names)}.");
            return false;
        }
        foreach (var (setting, _) in section.Axes.Where(axis => !method.Settings.Contains(axis.Setting)))
        {
            _problems.Add($"grid setting \"{setting}\" is not one of {method.Name}: it has " +
                (method.Settings.Count == 0 ? "none." : $"{string.Join(", ", SettingText.Names.Where(method.Settings.Contains))}."));
        }
        return _problems.Count == before;
    }

    private void Add(GridSection section, IReadOnlyList<string> baselines)
    {
        string[] said = [.. section.Axes.Select(axis => axis.Setting)];
        foreach (var combination in section.Combinations())
        {
            if (Options(section.Method, combination) is not { } options) continue;
            var arm = new ComparisonArm(ArmName.Id(options, said), ArmName.Label(options, said), options, Values(ArmName.Settings(options, said)));
            if (Add(arm, combination) is { MatchesDensityOf: null } added && added.Options.Density is null && AttentionRequest.IsRead(section.Method, "threshold"))
                foreach (var baseline in baselines) AddBaseline(baseline, added);
        }
    }

    private AttentionOptions? Options(string method, IReadOnlyDictionary<string, string> combination)
    {
        var request = SettingText.ReadBy(method, _common);
        foreach (var (name, value) in combination)
        {
            if (SettingText.With(request, name, value) is { } next) request = next;
            else _problems.Add($"grid {name}={value} is not usable: it must be {(name == "density" ? "a number" : name == "keeps-first-block" ? "true or false" : "a whole number")}.");
        }
        return Resolve(request, () => $"grid {method}{string.Concat(combination.Select(setting => $" {setting.Key}={setting.Value}"))}");
    }

    // The method stands for its arm in every other respect: same warm-up, same dense layers, same blocks.
    private void AddBaseline(string method, ComparisonArm arm)
    {
        var copied = AttentionSettingsOf(arm.Options) with { Method = method };
        var request = SettingText.ReadBy(method, copied) with { Density = AnyDensity };
        if (Resolve(request, () => $"baseline {method} of {arm.Id}") is not { } options) return;
        Add(new ComparisonArm(
            $"{method}-as-{arm.Id}", $"{ArmName.Display(method)} at the density of {arm.Label}", options,
            [new("density", $"as {arm.Id}"), .. Values(ArmName.Settings(options, []).Where(setting => setting.Name != "density"))], arm.Id), null);
    }

    private void AddFloor()
    {
        var backend = _common.Backend == "sdpa" ? "reference" : "sdpa";
        if (Resolve(new AttentionRequest { Method = AttentionMethod.Dense.Name, Backend = backend }, () => "floor") is { } options)
            _arms.Add("floor", new ComparisonArm($"floor-{backend}", $"noise floor: full attention by {backend}", options, [new("backend", backend)]));
    }

    // Which values have effect decides what is equal: 10 % of 20 steps are 2 steps.
    private ComparisonArm? Add(ComparisonArm arm, IReadOnlyDictionary<string, string>? combination)
    {
        var key = string.Join('|', SettingText.Names.Select(name => name == "dense-warmup" ? $"{arm.Options.DenseWarmup.Of(_steps)}" : SettingText.Of(arm.Options, name) ?? "")
            .Prepend(arm.Options.Method).Append(arm.MatchesDensityOf ?? "").Append(arm.Options.Thresholds is null ? "" : combination?.GetValueOrDefault("threshold") ?? _common.Threshold ?? ""));
        var id = arm.Id;
        for (var number = 2; _arms.Values.Any(other => other.Id == arm.Id); number++) arm = arm with { Id = $"{id}-{number}" };
        return _arms.TryAdd(key, arm) ? arm : null;
    }

    private AttentionOptions? Resolve(AttentionRequest request, Func<string> where)
    {
        try
        {
            return _resolve(request).Attention;
        }
        catch (RequestValidationException error)
        {
            _problems.AddRange(error.Problems.Select(problem => $"{where()}: {problem.Message}"));
            return null;
        }
    }

    private static AttentionRequest AttentionSettingsOf(AttentionOptions options) => new()
    {
        Backend = options.Backend,
        BlockSize = options.BlockSize,
        DenseWarmup = options.DenseWarmup.ToString(),
        DenseFirstLayers = options.DenseFirstLayers,
        DenseLastLayers = options.DenseLastLayers,
        MaskRefresh = options.RefreshInterval,
    };

    private static IReadOnlyList<NamedValue> Values(IEnumerable<(string Name, string Value)> settings) => [.. settings.Select(setting => new NamedValue(setting.Name, setting.Value))];
}
