using System.Security.Cryptography;
using XVideo.Metrics;
using XVideo.Video;

namespace XVideo.Evaluation.Clips;

/// <summary>Opens clips: finds prompt, size, frames and hash.</summary>
internal sealed class ClipOpener(PromptFinder prompts, VBenchSuite? suite, string? ffmpegPath)
{
    /// <exception cref="VideoFileException">The file is unreadable, truncated or not a video.</exception>
    public ClipFacts Open(VideoClip clip)
    {
        var info = VideoProbe.Read(clip.Path, ffmpegPath);
        if (info.FrameCount == 0) throw new VideoFileException(clip.Path, $"\"{clip.Path}\" holds no frames.");
        clip = prompts.Find(clip);
        return new(clip, Hash(clip.Path), new FrameSize(info.Width, info.Height), info.FrameCount, info.FrameRate, suite?.Find(clip.Prompt));
    }

    private static string Hash(string path)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                using var stream = File.OpenRead(path);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var frame in Directory.GetFiles(path, "frame_*.png").Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(frame));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoFileException(path, $"\"{path}\" cannot be read: {error.Message}", error);
        }
    }
}
