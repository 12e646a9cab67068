using System.CommandLine;
using System.Runtime.CompilerServices;

namespace XVideo.ServiceBench.Crash;

/// <summary><c>crash</c>: a <see cref="CrashLoop"/> and its report.</summary>
internal static class CrashCommand
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 60, Description = "How many processes to kill" };
        var queue = new Option<string?>("--queue") { Description = "PostgreSQL connection string of an empty database; then a server and two workers run" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "Another one kills at other moments" };
        var program = new Option<string>("--program") { DefaultValueFactory = _ => InRepository("xvideo"), Description = "The program" };
        var model = new Option<string>("--model") { DefaultValueFactory = _ => InRepository("tests/Goldens/wan"), Description = "Model folder" };
        var command = new Command("crash", "Kills xvideo serve while it makes videos, and looks whether any is lost, double or different.") { kills, queue, seed, program, model };
        command.SetAction(async (values, _) =>
        {
            var folder = Directory.CreateTempSubdirectory("xvideo-crash-").FullName;
            Console.WriteLine($"Data and logs: {folder}");
            var report = await CrashLoop.RunAsync(new CrashOptions
            {
                Program = Program(values.GetValue(program)!),
                Model = values.GetValue(model)!,
                Folder = folder,
                Kills = values.GetValue(kills),
                Queue = values.GetValue(queue),
                Seed = values.GetValue(seed),
                Log = Console.WriteLine,
            });
            Console.WriteLine(report);
            if (report.Problems.Count > 0) return 1;
            Directory.Delete(folder, recursive: true);
            return 0;
        });
        return command;
    }

    private static IReadOnlyList<string> Program(string path) => path.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", path] : [path];

    private static string InRepository(string path, [CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", path));
}
