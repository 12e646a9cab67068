namespace XVideo.Train.Evaluation;

/// <summary>Quality of the autoencoder over clips, decibels.</summary>
internal sealed record PsnrSummary(double Mean, double Median, double Worst, int WorstCaption)
{
    /// <returns><see langword="null"/> when no clip has a PSNR.</returns>
    public static PsnrSummary? Of(IEnumerable<CaptionResult> results)
    {
        var sorted = results.Where(result => result.Psnr is not null).OrderBy(result => result.Psnr).ToArray();
        if (sorted.Length == 0) return null;
        var median = (sorted[(sorted.Length - 1) / 2].Psnr!.Value + sorted[sorted.Length / 2].Psnr!.Value) / 2;
        return new PsnrSummary(sorted.Average(result => result.Psnr!.Value), median, sorted[0].Psnr!.Value, sorted[0].Index);
    }
}
