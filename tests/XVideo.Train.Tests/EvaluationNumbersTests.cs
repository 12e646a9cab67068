using XVideo.Train.Evaluation;

namespace XVideo.Train.Tests;

/// <summary>The arithmetic of an evaluation, and what its command line takes.</summary>
public sealed class EvaluationNumbersTests
{
    [Fact]
    public void Wilson_EightOfTen_IsTheKnownInterval()
    {
        var share = Share.Wilson(8, 10)!;
        Assert.Equal((0.8, 0.4902, 0.9433), (share.Value, Math.Round(share.Low, 4), Math.Round(share.High, 4)));
        Assert.Equal(0, Share.Wilson(0, 4)!.Low, 12);
        Assert.Equal(1, Share.Wilson(4, 4)!.High, 12);
        Assert.Null(Share.Wilson(0, 0));
    }

    [Fact]
    public void Ratio_HalfOfTheCaptions_LiesInItsInterval()
    {
        var ratio = Share.Ratio([.. Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? 1.0 : 0.0, 1.0))])!;
        Assert.Equal(0.5, ratio.Value);
        Assert.InRange(ratio.Low, 0.40, 0.46);
        Assert.InRange(ratio.High, 0.54, 0.60);
        Assert.Equal(new Share(1, 1, 1), Share.Ratio([(1, 1), (1, 1)]));
        Assert.Null(Share.Ratio([(1, 0), (0, 0)]));
    }

    [Fact]
    public void FlickerScore_KnownFrames_IsVBenchs()
    {
        byte[] dark = [0, 0, 0], light = [51, 51, 51];
        // Differences of 51, 0 and 51: 34 in the mean.
        Assert.Equal(1 - (34 / 255.0), ClipMeasures.FlickerScore([dark, light, light, dark]), 12);
        Assert.Equal(1, ClipMeasures.FlickerScore([dark, dark]));
        Assert.Equal(1, ClipMeasures.FlickerScore([dark]));
    }

    [Fact]
    public void Psnr_KnownError_IsInDecibels()
    {
        Assert.Equal(20, ClipMeasures.Psnr([[10, 20, 30]], [[10, 20, 30 + 44]])!.Value, 0);
        Assert.Equal(10 * Math.Log10(255.0 * 255 * 3 / (44 * 44)), ClipMeasures.Psnr([[10, 20, 30]], [[10, 20, 74]])!.Value, 12);
        Assert.Null(ClipMeasures.Psnr([[1, 2, 3]], [[1, 2, 3]]));
        Assert.Throws<ArgumentException>(() => ClipMeasures.Psnr([[1, 2, 3]], [[1, 2, 3], [1, 2, 3]]));
    }

    [Fact]
    public void Aspects_OfResults_CountOnlyWhatWasAskedFor()
    {
        JudgedAspect Color(bool right) => new("Color", "red", right ? "red" : "blue", right);
        JudgedAspect Motion(string? seen) => new("Motion", "left", seen, seen == "left");
        CaptionResult Result(int index, JudgedAspect[] judged, JudgedAspect[] truth) => new(index, "car", "a car", $"{index % 2}", index, judged, truth, 0.98, 0.99, null, null, 1);
        CaptionResult[] results =
        [
            Result(0, [Color(true), Motion(null)], [Color(true), Motion("left")]),
            Result(1, [Color(false)], [Color(true)]),
            Result(2, [Color(false)], [Color(false)]),
        ];

        var report = EvaluationReport.Create([("file", new ResultsHeader(new Dictionary<string, string>(), "m", "here", "b"))], results);

        Assert.Equal((3, 1, 2), (report.Captions, report.DistinctCaptions, report.Combinations));
        var (color, motion) = (report.Aspects[0], report.Aspects[1]);
        Assert.Equal(("Color", 3, 1, 2, 0.5), (color.Aspect, color.Asked, color.Right, color.TruthRight, color.Relative!.Value));
        Assert.Equal(("Motion", 1, 0, 1, 0.0), (motion.Aspect, motion.Asked, motion.Right, motion.TruthRight, motion.Relative!.Value));
        Assert.Equal((0, 2, 3), (report.Families[0].AllRight, report.Families[0].TruthAllRight, report.Families[0].Captions));
        // Caption 2 is the judge's fault, so it comes last.
        Assert.Equal([0, 1, 2], report.Failures.Select(failure => failure.Index));
        Assert.Equal([1, 1, 0], report.Failures.Select(failure => failure.OwnFaults));
    }

    [Theory]
    [InlineData("--part", "8/8", "--part 8/8 is not usable: it must be i/n")]
    [InlineData("--part", "1", "--part 1 is not usable")]
    [InlineData("--size", "256x192", "--size 256x192 is not usable: it must be WIDTHxHEIGHTxFRAMES")]
    [InlineData("--captions", "0", "--captions 0 is not usable: it must be a whole number from 1")]
    [InlineData("--device", "tpu", "--device tpu is not usable")]
    [InlineData("--dtype", "f16", "--dtype f16 is not usable")]
    public void Command_BadOption_SaysWhatIsAllowed(string option, string value, string sentence) =>
        Assert.Contains(sentence, Assert.Single(EvaluateCommand.Create().Parse(["--output", "x", option, value]).Errors).Message);

    [Fact]
    public void Command_GoodOptions_AreTaken() =>
        Assert.Empty(EvaluateCommand.Create().Parse(["--output", "x", "--part", "7/8", "--size", "64x48x9", "--source", "truth", "--device", "cuda:3", "--steps", "8", "--guidance", "3.5"]).Errors);
}
