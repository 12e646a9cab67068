using System.CommandLine;
using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Service.Api.Security;
using XVideo.Service.Store;

namespace XVideo.Cli.Serve;

/// <summary>What a new key may do and how much, as options of <c>xvideo keys create</c>. They are read as text, so that all mistakes are told at once and alike.</summary>
internal sealed class KeyOptions
{
    private const int Most = 1_000_000;
    private const string All = "read, write, admin";
    private static readonly ApiKey Usual = new() { KeyId = "", SecretHash = [], Label = "", Scopes = Scopes.Usual };

    private readonly Option<string> _label = new("--label") { Description = "What the key is for, for people", HelpName = "text" };
    private readonly Option<string> _scopes = new("--scopes")
    {
        Description = $"What it may do, separated by commas: {All}; admin opens everybody's videos to the other two. Default: read,write",
        HelpName = "text",
    };

    private readonly Option<string> _creates = Number("--create-per-minute", "Videos it may create in a minute", Usual.CreatesPerMinute.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _reads = Number("--read-per-minute", "Other calls it may make in a minute", Usual.ReadsPerMinute.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _queued = Number("--max-queued", "Videos of it that may wait", Usual.MaxQueued.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _running = Number("--max-running", "Videos of it that may be made at a time", Usual.MaxRunning.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _seconds = Number("--gpu-seconds-per-day", "Seconds of computing it has for a day (UTC)", "any number");

    /// <summary>All of them, in the order of the help text.</summary>
    public IReadOnlyList<Option> Options => [_label, _scopes, _creates, _reads, _queued, _running, _seconds];

    /// <summary>The key that was asked for, without id and secret.</summary>
    /// <exception cref="ConfigurationException">Something is not usable; says everything that is not.</exception>
    public ApiKey Read(ParseResult parsed)
    {
        var problems = new List<string>();
        var key = Usual with
        {
            Label = parsed.GetValue(_label) ?? "",
            Scopes = ReadScopes(parsed, problems),
            CreatesPerMinute = Read(parsed, _creates, problems) ?? Usual.CreatesPerMinute,
            ReadsPerMinute = Read(parsed, _reads, problems) ?? Usual.ReadsPerMinute,
            MaxQueued = Read(parsed, _queued, problems) ?? Usual.MaxQueued,
            MaxRunning = Read(parsed, _running, problems) ?? Usual.MaxRunning,
            GpuSecondsPerDay = Read(parsed, _seconds, problems),
        };
        return problems.Count == 0 ? key : throw new ConfigurationException(problems);
    }

    private IReadOnlyList<string> ReadScopes(ParseResult parsed, List<string> problems)
    {
        if (parsed.GetValue(_scopes) is not { } text) return Usual.Scopes;
        string?[] scopes = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(name => name switch { "read" => Scopes.Read, "write" => Scopes.Write, "admin" => Scopes.Admin, _ => null })];
        if (scopes.Contains(null)) problems.Add($"--scopes \"{text}\" is not usable: it must be one or more of {All}, separated by commas. For example --scopes read,write.");
        return [.. scopes.OfType<string>().Distinct()];
    }

    private static int? Read(ParseResult parsed, Option<string> option, List<string> problems)
    {
        if (parsed.GetValue(option) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most) return number;
        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name} \"{text}\" is not usable: it must be a whole number from 1 to {Most}. Leave it out for the default."));
        return null;
    }

    private static Option<string> Number(string name, string description, string otherwise) => new(name) { Description = $"{description}: a whole number from 1 to {Most}. Default: {otherwise}", HelpName = "number" };
}
