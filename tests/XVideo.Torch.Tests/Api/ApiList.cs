using System.IO.Compression;
using System.Reflection;

namespace XVideo.Torch.Tests.Api;

/// <summary>The list of TorchSharp's public types and members: an unindented line a type, an indented line a member.</summary>
internal static class ApiList
{
    private static readonly string[] Kinds = ["static class ", "class ", "struct ", "enum ", "interface "];

    /// <summary>The list of TorchSharp 0.107 that the repository carries.</summary>
    public static IReadOnlyDictionary<string, ApiType> TorchSharp { get; } = Parse(Read());

    public static IReadOnlyDictionary<string, ApiType> Parse(IEnumerable<string> lines)
    {
        var types = new Dictionary<string, ApiType>(StringComparer.Ordinal);
        HashSet<string>? members = null;
        var isEnum = false;
        foreach (var line in lines)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                if (members is null) throw new InvalidDataException($"The list starts with a member: '{line}'.");
                if (isEnum) members.UnionWith(line.Trim().Split(", "));
                else members.Add(line.Trim());
                continue;
            }
            var kind = Kinds.FirstOrDefault(kind => line.StartsWith(kind, StringComparison.Ordinal))
                ?? throw new InvalidDataException($"'{line}' is neither a member nor a type.");
            isEnum = kind == "enum ";
            members = new HashSet<string>(StringComparer.Ordinal);
            var name = line[kind.Length..].Split(" : ")[0].Trim();
            types.Add(name, new ApiType(name, kind.Trim(), members));
        }
        return types;
    }

    private static IEnumerable<string> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("torchsharp-0.107-api.txt.gz")!;
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }
}
