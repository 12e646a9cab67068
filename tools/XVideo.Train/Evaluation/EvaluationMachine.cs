namespace XVideo.Train.Evaluation;

/// <summary>What the clips are made on, in words.</summary>
internal static class EvaluationMachine
{
    /// <summary>Name of the processor and how many this process may use.</summary>
    public static string Processor
    {
        get
        {
            const string cpuInfo = "/proc/cpuinfo", prefix = "model name";
            var line = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal)) : null;
            return $"{line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown processor"}, {Environment.ProcessorCount} processors";
        }
    }
}
