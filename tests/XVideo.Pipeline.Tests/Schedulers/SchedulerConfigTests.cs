using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.Tests.Parity;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Tests.Schedulers;

public sealed class SchedulerConfigTests
{
    private const string UniPC = """ "_class_name": "UniPCMultistepScheduler", "prediction_type": "flow_prediction", "use_flow_sigmas": true """;
    private const string Dpm = """ "_class_name": "DPMSolverMultistepScheduler", "prediction_type": "flow_prediction", "use_flow_sigmas": true """;

    [Fact]
    public void Load_WanModelFolder_ReadsItsSampler()
    {
        var config = SchedulerConfig.Load(Path.Combine(GoldenData.Folder("wan"), "scheduler"));
        Assert.Equal((SchedulerKind.UniPC, 3.0, 2, SolverType.Bh2, 1000), (config.Kind, config.FlowShift, config.SolverOrder, config.SolverType, config.TrainTimesteps));
    }

    [Theory]
    [InlineData(UniPC, SchedulerKind.UniPC)]
    [InlineData(Dpm, SchedulerKind.DpmSolver)]
    [InlineData(""" "_class_name": "FlowMatchEulerDiscreteScheduler" """, SchedulerKind.Euler)]
    public void Parse_KnownClass_HasItsKind(string options, SchedulerKind kind) => Assert.Equal(kind, SchedulerConfig.Parse($"{{{options}}}").Kind);

    [Fact]
    public void Parse_BareInfinity_IsAccepted() =>
        Assert.Equal(4.5, SchedulerConfig.Parse($$"""{ {{Dpm}}, "lambda_min_clipped": -Infinity, "flow_shift": 4.5 }""").FlowShift);

    [Fact]
    public void Parse_UnknownClass_ListsTheSupportedOnes()
    {
        var message = Assert.Throws<ModelFileException>(() => SchedulerConfig.Parse("""{ "_class_name": "PNDMScheduler" }""")).Message;
        Assert.Contains("PNDMScheduler is not supported", message);
        foreach (var name in new[] { "UniPCMultistepScheduler", "FlowMatchEulerDiscreteScheduler", "DPMSolverMultistepScheduler" }) Assert.Contains(name, message);
    }

    [Theory]
    [InlineData("use_karras_sigmas", "true")]
    [InlineData("use_dynamic_shifting", "true")]
    [InlineData("thresholding", "true")]
    [InlineData("predict_x0", "false")]
    [InlineData("final_sigmas_type", "\"sigma_min\"")]
    [InlineData("shift_terminal", "0.02")]
    [InlineData("prediction_type", "\"epsilon\"")]
    [InlineData("use_flow_sigmas", "false")]
    [InlineData("brand_new_option", "3")]
    [InlineData("solver_order", "4")]
    [InlineData("solver_order", "\"two\"")]
    [InlineData("solver_type", "\"midpoint\"")]
    [InlineData("solver_type", "\"bh3\"")]
    [InlineData("lower_order_final", "false")]
    [InlineData("flow_shift", "0")]
    [InlineData("flow_shift", "101")]
    [InlineData("num_train_timesteps", "1")]
    [InlineData("disable_corrector", "[0.5]")]
    public void Parse_UnsupportedOption_IsNamed(string name, string value)
    {
        var options = new Dictionary<string, string>
        {
            ["_class_name"] = "\"UniPCMultistepScheduler\"", ["prediction_type"] = "\"flow_prediction\"", ["use_flow_sigmas"] = "true",
            [name] = value,
        };
        var json = $"{{{string.Join(", ", options.Select(option => $"\"{option.Key}\": {option.Value}"))}}}";
        Assert.Contains(name.Replace("flow_shift", "flow shift"), Assert.Throws<ModelFileException>(() => SchedulerConfig.Parse(json)).Message);
    }

    [Fact]
    public void Parse_NotAFlowModel_SaysSo() =>
        Assert.Contains("prediction_type is missing", Assert.Throws<ModelFileException>(() => SchedulerConfig.Parse("""{ "_class_name": "UniPCMultistepScheduler" }""")).Message);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    public void Parse_NotAJsonObject_IsAModelFileError(string json) => Assert.Throws<ModelFileException>(() => SchedulerConfig.Parse(json));

    [Fact]
    public void Load_MissingFolder_IsAModelFileError() =>
        Assert.Contains("scheduler_config.json", Assert.Throws<ModelFileException>(() => SchedulerConfig.Load("/no/such/scheduler")).Message);

    [Theory]
    [InlineData(0, 3.0, "0 steps")]
    [InlineData(1001, 3.0, "1001 steps")]
    [InlineData(10, 0.0, "shift 0")]
    [InlineData(10, double.NaN, "shift NaN")]
    [InlineData(10, double.PositiveInfinity, "shift Infinity")]
    [InlineData(10, 100.5, "shift 100.5")]
    public void Create_NumberOutOfRange_IsRefused(int steps, double shift, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => new SchedulerConfig().Create(steps, shift)).Message);
}
