using System.Collections;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Tests;

/// <summary>Where settings come from, and what is refused.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Hashtable _environment = [];
    private readonly Dictionary<Setting, string> _options = [];

    private string ProgramFolder => Path.Combine(_folder.Path, "program");

    private string CurrentFolder => Path.Combine(_folder.Path, "current");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_AllSources_LaterOnesWin()
    {
        _folder.File("program/appsettings.json", """{ "XVideo": { "Steps": 1, "Width": 1, "Height": 1, "Frames": 1 } }""");
        _folder.File("current/appsettings.json", """{ "XVideo": { "Width": 2, "Height": 2, "Frames": 2 } }""");
        _environment["XVIDEO_HEIGHT"] = "3";
        _environment["XVIDEO_FRAMES"] = "3";
        _options[SettingTable.Frames] = "4";
        var settings = Load();
        Assert.Empty(settings.Problems);
        Assert.Equal((1, 2, 3, 4), (settings.Integer(SettingTable.Steps), settings.Integer(SettingTable.Width), settings.Integer(SettingTable.Height), settings.Integer(SettingTable.Frames)));
        Assert.Null(settings.Integer(SettingTable.Preview));
    }

    [Fact]
    public void Load_ConfigOption_ReplacesTheFileOfTheCurrentFolder()
    {
        _folder.File("current/appsettings.json", """{ "XVideo": { "Steps": 2 } }""");
        _options[SettingTable.Config] = _folder.File("other.json", """{ "XVideo": { "Width": 64 /* comments and trailing commas are fine */, } }""");
        var settings = Load();
        Assert.Empty(settings.Problems);
        Assert.Null(settings.Integer(SettingTable.Steps));
        Assert.Equal(64, settings.Integer(SettingTable.Width));
    }

    [Theory]
    [InlineData("""{ "XVideo": { "Widht": 64 } }""", "\"Widht\" is not a setting. Did you mean Width?")]
    [InlineData("""{ "XVideo": { "Force": true } }""", "Pass --force instead")]
    [InlineData("""{ "XVideo": { "Width": [64] } }""", "holds array")]
    [InlineData("""{ "XVideo": { "Width": "wide" } }""", "width \"wide\" (from")]
    [InlineData("""{ "XVideo": { "Verbose": "maybe" } }""", "true or false")]
    [InlineData("""{ "Width": 64 }""", "outside the section")]
    [InlineData("""{ "XVidoe": { "Width": 64 } }""", "Did you mean an object named \"XVideo\"?")]
    [InlineData("""{ "XVideo": { "Width": 64 }""", "cannot be read")]
    [InlineData("[]", "holds array")]
    public void Load_BadFile_SaysWhatIsWrong(string json, string sentence)
    {
        _folder.File("current/appsettings.json", json);
        Assert.Contains(sentence, Assert.Single(Load().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownVariable_NamesTheClosest()
    {
        _environment["XVIDEO_LIBTROCH"] = "/x";
        Assert.Contains("XVIDEO_LIBTROCH is not a setting. Did you mean XVIDEO_LIBTORCH?", Assert.Single(Load().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyVariable_CountsAsNotSet()
    {
        _environment["XVIDEO_WIDTH"] = "";
        var settings = Load();
        Assert.Empty(settings.Problems);
        Assert.Equal("default", settings.Source(SettingTable.Width));
    }

    [Fact]
    public void Load_UnusableValueOverUsableOne_FallsBackToNeither()
    {
        _environment["XVIDEO_STEPS"] = "5";
        _options[SettingTable.Steps] = "many";
        var settings = Load();
        Assert.Single(settings.Problems);
        Assert.Null(settings.Integer(SettingTable.Steps));
    }

    [Fact]
    public void Names_OfAllSettings_AreUniqueAndDerived()
    {
        Assert.Equal(SettingTable.All.Count, SettingTable.All.Select(setting => setting.OptionName).Distinct().Count());
        Assert.Equal(("--flow-shift", "XVIDEO_FLOW_SHIFT"), (SettingTable.FlowShift.OptionName, SettingTable.FlowShift.EnvironmentName));
        Assert.Equal(("--prompt-file", "XVIDEO_PROMPT_FILE"), (SettingTable.PromptFile.OptionName, SettingTable.PromptFile.EnvironmentName));
    }

    private Settings Load()
    {
        Directory.CreateDirectory(ProgramFolder);
        Directory.CreateDirectory(CurrentFolder);
        return Settings.Load(_options.GetValueOrDefault, _environment, ProgramFolder, CurrentFolder);
    }
}
