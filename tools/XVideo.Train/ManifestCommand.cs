using System.CommandLine;

namespace XVideo.Train;

/// <summary><c>manifest</c>: writes <c>manifest.json</c> for a trained model.</summary>
internal static class ManifestCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Model folder with the logs of its training.", Required = true };
    private static readonly Option<string> Hardware = new("--hardware") { Description = "What it was trained on, and for how long.", Required = true };
    private static readonly Option<string> Commit = new("--commit") { Description = "The revision that trained it.", Required = true };
    private static readonly Option<int> Seed = new("--seed") { Description = "Its data seed.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command("manifest", "Writes manifest.json for a trained model: files with hashes, revision, hardware and loss curves.") { Model, Hardware, Commit, Seed };
        command.SetAction(parsed => Manifest.Write(Path.GetFullPath(parsed.GetValue(Model)!), parsed.GetValue(Commit)!, parsed.GetValue(Hardware)!, parsed.GetValue(Seed)));
        return command;
    }
}
