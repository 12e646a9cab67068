using System.Diagnostics;
using System.Globalization;

namespace XVideo.ServiceBench.Crash;

/// <summary>A video to ask for, again and again.</summary>
internal sealed record CrashRequest(string Prompt, long Seed, int Steps)
{
    public const int Width = 64, Height = 64, Frames = 9;

    /// <summary>What an undisturbed <c>xvideo generate</c> makes of it.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public async Task<byte[]> GenerateAsync(CrashOptions options)
    {
        var path = Path.Combine(options.Folder, $"reference-{Seed}.mp4");
        var start = new ProcessStartInfo(options.Program[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[.. options.Program.Skip(1), "generate", "--model", options.Model, "--prompt", Prompt, "--seed", Text(Seed), "--steps", Text(Steps), "--width", Text(Width), "--height", Text(Height), "--frames", Text(Frames), "--output", path, "--quiet"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"xvideo generate ended with {process.ExitCode}: {await error} {await output}");
        return await File.ReadAllBytesAsync(path);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
