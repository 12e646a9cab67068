using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace XVideo.Service.Tests.Observe;

/// <summary>Reads the text format of Prometheus (version 0.0.4) and insists on every rule of it.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, (string Type, string Help)> _families = [];
    private readonly Dictionary<string, double> _samples = [];

    private PrometheusReader()
    {
    }

    /// <summary>Every family with its type.</summary>
    public IReadOnlyDictionary<string, (string Type, string Help)> Families => _families;

    /// <summary>Every sample, by name and sorted labels.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public static PrometheusReader Read(string text)
    {
        var reader = new PrometheusReader();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text);
        var order = new List<(string Name, List<KeyValuePair<string, string>> Labels, double Value)>();
        (string Name, string Type)? family = null;
        var lines = text[..^1].Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at];
            Assert.NotEqual("", line);
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var (name, help) = Split(line["# HELP ".Length..]);
                Assert.Matches(MetricName(), name);
                Assert.Matches(HelpText(), help);
                Assert.StartsWith($"# TYPE {name} ", lines[at + 1]);
                var type = lines[++at][$"# TYPE {name} ".Length..];
                Assert.Contains(type, (string[])["counter", "gauge", "histogram"]);
                Assert.True(reader._families.TryAdd(name, (type, help)), $"{name} comes twice");
                family = (name, type);
                continue;
            }
            Assert.False(line.StartsWith('#'), line);
            var sample = Sample(line);
            Assert.True(family is not null && Belongs(sample.Name, family.Value.Name, family.Value.Type), $"{line} does not belong to {family}");
            Assert.True(reader._samples.TryAdd(Key(sample.Name, sample.Labels), sample.Value), $"{line} comes twice");
            order.Add(sample);
        }
        reader.CheckHistograms(order);
        foreach (var (name, (type, _)) in reader._families)
        {
            Assert.Contains(order, sample => Belongs(sample.Name, name, type));
            if (type != "counter") continue;
            Assert.EndsWith("_total", name, StringComparison.Ordinal);
            Assert.All(order.Where(sample => sample.Name == name), sample => Assert.True(sample.Value >= 0));
        }
        return reader;
    }

    /// <summary>The value of one sample; 0 if there is none.</summary>
    public double Value(string name, params (string Name, string Value)[] labels) =>
        _samples.GetValueOrDefault(Key(name, labels.Select(label => KeyValuePair.Create(label.Name, label.Value))));

    private void CheckHistograms(List<(string Name, List<KeyValuePair<string, string>> Labels, double Value)> samples)
    {
        foreach (var (name, _) in _families.Where(family => family.Value.Type == "histogram"))
        {
            var groups = samples.Where(sample => sample.Name == $"{name}_bucket").GroupBy(sample => Key("", sample.Labels.Where(label => label.Key != "le"))).ToList();
            Assert.Equal(samples.Count(sample => sample.Name == $"{name}_count"), groups.Count);
            Assert.Equal(samples.Count(sample => sample.Name == $"{name}_sum"), groups.Count);
            foreach (var group in groups)
            {
                var buckets = group.Select(sample => (End: Number(sample.Labels.Single(label => label.Key == "le").Value), sample.Value)).ToList();
                Assert.Equal(buckets.Select(bucket => bucket.End).Order().Distinct(), buckets.Select(bucket => bucket.End));
                Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
                Assert.Equal(double.PositiveInfinity, buckets[^1].End);
                Assert.Equal(_samples[$"{name}_count{group.Key}"], buckets[^1].Value);
                Assert.Contains($"{name}_sum{group.Key}", _samples);
            }
        }
    }

    private static bool Belongs(string sample, string family, string type) =>
        type == "histogram" ? sample == $"{family}_bucket" || sample == $"{family}_sum" || sample == $"{family}_count" : sample == family;

    private static (string Name, List<KeyValuePair<string, string>> Labels, double Value) Sample(string line)
    {
        var match = SampleLine().Match(line);
        Assert.True(match.Success, $"not a sample: {line}");
        var labels = match.Groups["name"].Captures.Zip(match.Groups["value"].Captures, (name, value) => KeyValuePair.Create(name.Value, Unescape(value.Value))).ToList();
        Assert.Equal(labels.Count, labels.DistinctBy(label => label.Key).Count());
        Assert.DoesNotContain(labels, label => label.Key.StartsWith("__", StringComparison.Ordinal));
        return (match.Groups["metric"].Value, labels, Number(match.Groups["number"].Value));
    }

    private static string Key(string name, IEnumerable<KeyValuePair<string, string>> labels)
    {
        var text = new StringBuilder(name);
        foreach (var (label, value) in labels.OrderBy(label => label.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"|{label}={value}");
        return text.ToString();
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string text) => EscapedLetter().Replace(text, match => match.Value == "\\n" ? "\n" : match.Value[1..]);

    private static (string, string) Split(string text) => text.IndexOf(' ') is > 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex MetricName();

    [GeneratedRegex("""^([^\\]|\\\\|\\n)*$""")]
    private static partial Regex HelpText();

    [GeneratedRegex("""^(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\\\|\\"|\\n)*)"(,(?=[a-zA-Z_])|(?=\})))+\})? (?<number>[+-]?(Inf|[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)|NaN)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("""\\[\\"n]""")]
    private static partial Regex EscapedLetter();
}
