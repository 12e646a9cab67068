using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using XVideo.Bench;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Cli.Serve;

namespace XVideo.Cli.Commands;

/// <summary>The whole command line: what commands there are, and what becomes of a wrong one.</summary>
internal static class CommandLine
{
    // Options are read as text and checked by Settings, so that files, environment and command line share one set of messages.
    private static readonly Dictionary<Setting, Option> Options = SettingTable.All.ToDictionary(setting => setting, ToOption);

    public static int Run(string[] arguments)
    {
        var root = Build();
        // A prompt may start with '@' and contain anything: no response files, no bundled letters.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction) throw new ConfigurationException(Problems(parsed));
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            return FailureReport.Print(error, parsed.GetValue((Option<bool>)Options[SettingTable.Json]), parsed.GetValue((Option<bool>)Options[SettingTable.Verbose]));
        }
    }

    private static RootCommand Build()
    {
        var root = new RootCommand("XVideo turns a prompt into a video.\n\n  xvideo generate --prompt \"a red ball bounces on green grass\"");
        foreach (var setting in SettingTable.All.Where(setting => setting.IsCommon)) root.Options.Add(Options[setting]);
        root.Subcommands.Add(Create("generate", "Make a video from a prompt.", (_, settings) => GenerateCommand.Run(settings), SettingTable.All.Where(setting => setting is { IsCommon: false, Command: null })));
        root.Subcommands.Add(Create("sheet", "Make a video of every prompt and write one picture: a row of frames for each.", (_, settings) => SheetCommand.Run(settings), SheetCommand.Settings));
        root.Subcommands.Add(Create("compare", "Measure how far sparse attention is from full attention, and what it saves; or compare videos that exist.", (_, settings) => CompareCommand.Run(settings), CompareCommand.Settings));
        root.Subcommands.Add(Create("mask", "Show which blocks sparse attention keeps: make a video and draw what it looks at.", (_, settings) => MaskCommand.Run(settings), MaskCommand.Settings));
        root.Subcommands.Add(Create("thresholds", "Find a threshold for every layer and head of a model from videos of prompts; --threshold takes the file.", (_, settings) => ThresholdsCommand.Run(settings), ThresholdsCommand.Settings));
        root.Subcommands.Add(Create("evaluate", "Score a folder of videos in VBench-style dimensions, by the pixel judge and by measures of motion.", (_, settings) => EvaluateCommand.Run(settings), EvaluateCommand.Settings));
        var file = new Argument<string>("FILE") { Description = "An mp4, gif or webp file, or a folder of png frames" };
        var info = Create("info", "Show what is in a video: size, frames, and the request that made it.", (parsed, settings) => InfoCommand.Run(parsed.GetRequiredValue(file), settings));
        info.Arguments.Add(file);
        root.Subcommands.Add(info);
        root.Subcommands.Add(Create("doctor", "Show what this machine has and lacks, with the command that fixes it; exit code 0 only if generate would work.", (_, settings) => DoctorCommand.Run(settings)));
        root.Subcommands.Add(Create("models", "List the models that were found.", (_, settings) => ModelsCommand.Run(settings)));
        root.Subcommands.Add(Create("prompts", "List the scene families the model knows, with example prompts.", (_, settings) => PromptsCommand.Run(settings)));
        var markdown = new Option<bool>("--markdown") { Description = "Print docs/configuration.md instead" };
        var config = Create("config", "Show every setting, its value and where it came from.", (parsed, settings) => ConfigCommand.Run(settings, parsed.GetValue(markdown)),
            SettingTable.All.Where(setting => !setting.IsCommon && !setting.IsPerRun));
        config.Options.Add(markdown);
        root.Subcommands.Add(config);
        root.Subcommands.Add(Create("serve", "Offer videos over HTTP: the OpenAI videos API, a queue that survives, and a worker.", (_, settings) => ServeCommand.Run(settings), ServeCommand.Settings));
        root.Subcommands.Add(Create("worker", "Make videos for a queue that serve accepts them for: more processes, or more machines on one PostgreSQL.", (_, settings) => WorkerCommand.Run(settings), WorkerCommand.Settings));
        root.Subcommands.Add(KeysCommand.Tree((name, description, run) => Create(name, description, run, ServeSettings.Places)));
        root.Subcommands.Add(Kernels());
        root.Subcommands.Add(BenchCommand.Create(parsed => ProcessSettings.Apply(LoadSettings(parsed))));
        root.Subcommands.Add(Create("version", "Show the version.", (_, settings) => VersionCommand.Run(settings)));
        root.SetAction(_ =>
        {
            new HelpAction().Invoke(root.Parse([]));
            return 0;
        });
        return root;
    }

    private static Command Kernels()
    {
        var architectures = new Option<string>("--arch") { Description = "Compute capabilities to build for, for example 9.0 or 8.0,9.0. Default: those of the GPUs here", HelpName = "text" };
        var build = Create("build", "Compile every kernel now rather than when it is first needed.", (parsed, settings) => KernelsCommand.Build(settings, parsed.GetValue(architectures)));
        build.Options.Add(architectures);
        return new Command("kernels", "List, build or delete the compiled GPU kernels of the cache folder.")
        {
            Create("list", "List the compiled kernels.", (_, settings) => KernelsCommand.List(settings)),
            build,
            Create("clear", "Delete the compiled kernels.", (_, settings) => KernelsCommand.Clear(settings)),
        };
    }

    private static Command Create(string name, string description, Func<ParseResult, Settings, int> run, IEnumerable<Setting>? settings = null)
    {
        var command = new Command(name, description);
        foreach (var setting in settings ?? []) command.Options.Add(Options[setting]);
        command.SetAction(parsed => run(parsed, LoadSettings(parsed)));
        return command;
    }

    private static Settings LoadSettings(ParseResult parsed) =>
        Settings.Load(setting => Value(parsed, setting), Environment.GetEnvironmentVariables(), AppContext.BaseDirectory, Environment.CurrentDirectory);

    private static string? Value(ParseResult parsed, Setting setting) => parsed.GetResult(Options[setting]) switch
    {
        null or { Implicit: true } => null,
        _ when Options[setting] is Option<bool> option => parsed.GetValue(option) ? "true" : "false",
        _ => parsed.GetValue((Option<string>)Options[setting]),
    };

    private static Option ToOption(Setting setting)
    {
        var description = setting.Kind == SettingKind.Switch ? setting.Description : $"{setting.Description}: {setting.Range}. Default: {setting.Default}";
        return setting.Kind == SettingKind.Switch
            ? new Option<bool>(setting.OptionName) { Description = description, Recursive = setting.IsCommon }
            : new Option<string>(setting.OptionName) { Description = description, Recursive = setting.IsCommon, HelpName = setting.Kind == SettingKind.Text ? "text" : "number" };
    }

    private static IReadOnlyList<string> Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var program = Path(command);
        var options = Options.Values.Where(option => option.Recursive).Concat(command.Options).Select(option => option.Name).Distinct().ToArray();
        var unknown = parsed.UnmatchedTokens.Where(token => token.StartsWith('-')).ToArray();
        // What follows an unknown option is most likely its value, and no mistake of its own.
        if (unknown.Length > 0) return [.. unknown.Select(token => $"Option {token} is not known to {program}.{ClosestName.Hint(token, options)} {program} --help lists all of them.")];
        if (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            var commands = command.Subcommands.Select(sub => sub.Name).ToArray();
            return [$"There is no command \"{(command is RootCommand ? "" : $"{command.Name} ")}{parsed.UnmatchedTokens[0]}\".{ClosestName.Hint(parsed.UnmatchedTokens[0], commands)} Commands: {string.Join(", ", commands)}."];
        }
        if (parsed.UnmatchedTokens.Count > 0)
            return [.. parsed.UnmatchedTokens.Select(token => $"\"{token}\" was not expected.{(command.Name == "generate" ? " A prompt goes in quotes after --prompt." : "")}")];
        // The library's own sentences name everything else well: a missing value, an option given twice.
        return [.. parsed.Errors.Select(error => error.Message)];
    }

    // For example "xvideo bench attention".
    private static string Path(Command command) => command is RootCommand ? "xvideo" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";
}
