using FsCheck;
using FsCheck.Fluent;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Tests.Nvrtc;

public sealed class KernelSourceTests
{
    private static Gen<string> Texts => Gen.Elements("", "a", "b", "ab", "a b", "=", "1").Or(ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get.ReplaceLineEndings(" ").Replace("\0", "", StringComparison.Ordinal)));

    private static Gen<Inputs> AnyInputs =>
        from name in Texts
        from text in Texts
        from entry in Texts
        from headers in Texts.Zip(Texts).ListOf()
        from constants in Texts.ListOf()
        from compiler in Texts
        from options in Texts.ListOf()
        from minor in Gen.Choose(0, 9)
        select new Inputs(name, text, entry, [.. headers.DistinctBy(header => header.Item1).OrderBy(header => header.Item1, StringComparer.Ordinal)],
            [.. constants.Select((value, i) => ($"C{i}", value))], compiler, [.. options], minor);

    [Fact]
    public void Key_OfTwoInputs_IsEqualExactlyWhenTheInputsAre() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(AnyInputs.Zip(AnyInputs).ToArbitrary(), pair => (pair.Item1.Key() == pair.Item2.Key()) == pair.Item1.IsSame(pair.Item2)));

    [Fact]
    public void Key_OneInputChanged_Changes() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(AnyInputs.ToArbitrary(), given =>
    {
        Inputs[] changed =
        [
            given with { Name = given.Name + "x" }, given with { Text = given.Text + " " }, given with { Entry = given.Entry + "x" },
            given with { Headers = [.. given.Headers, ("new.cuh", "")] }, given with { Headers = [.. given.Headers, ("new.cuh", " ")] },
            given with { Constants = [.. given.Constants, ("NEW", "1")] }, given with { Constants = [("FIRST", "1"), .. given.Constants] },
            given with { Compiler = given.Compiler + "1" }, given with { Options = [.. given.Options, "--new"] }, given with { Minor = given.Minor + 1 },
            // Nothing but a boundary moves.
            given with { Name = given.Name + given.Text, Text = "" }, given with { Constants = [.. given.Constants, ("A", "B=C")] }, given with { Constants = [.. given.Constants, ("A", "B"), ("C", "")] },
        ];
        var others = changed.Where(inputs => !inputs.IsSame(given)).ToArray();
        return others.Length >= changed.Length - 1 && others.All(inputs => inputs.Key() != given.Key()) && changed.Select(inputs => inputs.Key()).Distinct().Count() >= changed.Length - 1;
    }));

    [Theory]
    [InlineData("1", "2")]
    [InlineData("2", "1")]
    public void Key_ConstantsSwapped_Differs(string first, string second)
    {
        var (here, there) = (StubCompiler.Source(("A", first), ("B", second)), StubCompiler.Source(("B", second), ("A", first)));
        Assert.NotEqual(here.Fingerprint, there.Fingerprint);
        Assert.Equal($"example[A={first},B={second}]", here.DisplayName);
    }

    [Fact]
    public void DisplayName_WithoutConstants_IsTheFile() => Assert.Equal("example", StubCompiler.Source().DisplayName);

    [Theory]
    [InlineData("1A", "1", "cannot be the name of a constant")]
    [InlineData("A B", "1", "cannot be the name of a constant")]
    [InlineData("", "1", "cannot be the name of a constant")]
    [InlineData("A", "1\n2", "must be one line")]
    public void Constants_NotUsable_AreRefused(string name, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => StubCompiler.Source((name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Constants_GivenTwice_AreRefused() =>
        Assert.Contains("the constant A is given twice", Assert.Throws<ArgumentException>(() => StubCompiler.Source(("A", "1"), ("A", "2"))).Message, StringComparison.Ordinal);

    [Fact]
    public void FromResources_HeadersOfHeaders_AreFoundBesideTheKernelAndInCommon()
    {
        var source = KernelSource.FromResources(typeof(KernelSourceTests).Assembly, "Kernels/", "sm80/example.cu", "xv_example", ("SCALE", "2.0f"));
        Assert.Equal(["numbers.cuh", "scale.cuh"], source.Headers.Keys.Order());
        Assert.Contains("SCALE", source.Headers["scale.cuh"], StringComparison.Ordinal);
        Assert.Equal("example[SCALE=2.0f]", source.DisplayName);
    }

    [Fact]
    public void FromFiles_SameHeaderInBothFolders_TakesTheOneBesideTheKernel()
    {
        var files = new Dictionary<string, string> { ["sm80/a.cu"] = "#include \"h.cuh\"\n", ["sm80/h.cuh"] = "beside", ["common/h.cuh"] = "common" };
        Assert.Equal("beside", KernelSource.FromFiles(files.GetValueOrDefault, "sm80/a.cu", "a").Headers["h.cuh"]);
    }

    [Fact]
    public void FromFiles_HeadersInACircle_AreReadOnce()
    {
        var files = new Dictionary<string, string> { ["a.cu"] = "#include \"b.cuh\"", ["b.cuh"] = "#pragma once\n  # include \"c.cuh\"", ["common/c.cuh"] = "#include \"b.cuh\"\n// #include \"no.cuh\"" };
        Assert.Equal(["b.cuh", "c.cuh"], KernelSource.FromFiles(files.GetValueOrDefault, "a.cu", "a").Headers.Keys.Order());
    }

    [Fact]
    public void FromFiles_MissingHeader_NamesItAndWhoIncludesIt()
    {
        var files = new Dictionary<string, string> { ["sm80/a.cu"] = "#include \"b.cuh\"", ["common/b.cuh"] = "#include \"gone.cuh\"" };
        var error = Assert.Throws<ArgumentException>(() => KernelSource.FromFiles(files.GetValueOrDefault, "sm80/a.cu", "a"));
        Assert.Equal("b.cuh includes \"gone.cuh\", which is neither sm80/gone.cuh nor common/gone.cuh.", error.Message);
    }

    [Fact]
    public void FromResources_MissingKernel_IsNamed() =>
        Assert.Contains("sm80/gone.cu", Assert.Throws<ArgumentException>(() => KernelSource.FromResources(typeof(KernelSourceTests).Assembly, "Kernels/", "sm80/gone.cu", "x")).Message, StringComparison.Ordinal);

    private sealed record Inputs(string Name, string Text, string Entry, (string Name, string Text)[] Headers, (string Name, string Value)[] Constants, string Compiler, string[] Options, int Minor)
    {
        public string Key()
        {
            var source = new KernelSource(Name, Text, Headers.ToDictionary(header => header.Name, header => header.Text), Entry, Constants);
            var cache = new KernelCache(new StubCompiler { Name = Compiler, Options = Options }, new KernelCacheFolder("/proc"), static _ => { });
            return cache.Get(source, new Version(8, Minor)).Key;
        }

        public bool IsSame(Inputs other) =>
            (Name, Text, Entry, Compiler, Minor) == (other.Name, other.Text, other.Entry, other.Compiler, other.Minor)
            && Headers.SequenceEqual(other.Headers) && Constants.SequenceEqual(other.Constants) && Options.SequenceEqual(other.Options);
    }
}
