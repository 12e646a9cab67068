using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void Describe_WithEstimate_SaysStageStepAndTimeLeft() =>
        Assert.Equal("denoise 5/20, 0:12, about 1:36 left", ProgressText.Describe(new GenerationProgress("denoise", 5, 20, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(96))));

    [Fact]
    public void Describe_LongerThanAnHour_SaysHours() =>
        Assert.Equal("decode 1/2, 2:00:05", ProgressText.Describe(new GenerationProgress("decode", 1, 2, new TimeSpan(2, 0, 5), null)));

    [Fact]
    public void PlainProgress_FastSteps_WritesOnlyBeginAndEndOfAStage()
    {
        var output = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(output);
        for (var step = 0; step <= 20; step++) progress.Report(new GenerationProgress("denoise", step, 20, TimeSpan.Zero, null));
        progress.Report(new GenerationProgress("decode", 0, 5, TimeSpan.Zero, null));
        Assert.Equal("denoise 0/20, 0:00\ndenoise 20/20, 0:00\ndecode 0/5, 0:00\n", output.ToString());
    }
}
