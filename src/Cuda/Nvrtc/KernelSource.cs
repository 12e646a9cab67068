using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace XVideo.Cuda.Nvrtc;

/// <summary>One kernel as text: a file, the headers it includes, and the constants it is compiled with.</summary>
public sealed partial class KernelSource
{
    private readonly Lazy<string> _fingerprint;

    /// <param name="name">The file, for example <c>sm90/sm90_bsa_fwd.cu</c>; compiler messages name it.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="headers">Every header it includes, itself or through another, under the name written after <c>#include</c>.</param>
    /// <param name="entryName">The <c>extern "C" __global__</c> function.</param>
    /// <param name="constants">Macros defined before the first line, in the order of <see cref="DisplayName"/>.</param>
    /// <exception cref="ArgumentException">A constant has no proper name, a value of several lines, or is given twice.</exception>
    public KernelSource(string name, string text, IReadOnlyDictionary<string, string> headers, string entryName, params IEnumerable<(string Name, string Value)> constants)
    {
        (Name, Text, Headers, EntryName, Constants) = (name, text, headers, entryName, [.. constants]);
        foreach (var (constant, value) in Constants)
        {
            if (!Identifier().IsMatch(constant)) throw new ArgumentException($"{name}: \"{constant}\" cannot be the name of a constant; use letters, digits and _, with no digit first.");
            if (value.AsSpan().ContainsAny('\n', '\r', '\0')) throw new ArgumentException($"{name}: the value of {constant} must be one line; it is \"{value}\".");
            if (Constants.Count(other => other.Name == constant) > 1) throw new ArgumentException($"{name}: the constant {constant} is given twice.");
        }
        var stem = Path.GetFileNameWithoutExtension(name);
        DisplayName = Constants.Count == 0 ? stem : $"{stem}[{string.Join(',', Constants.Select(constant => $"{constant.Name}={constant.Value}"))}]";
        _fingerprint = new(() => Hash([Name, Text, EntryName, .. Headers.OrderBy(header => header.Key, StringComparer.Ordinal).SelectMany(header => (string[])[header.Key, header.Value]),
            "", .. Constants.SelectMany(constant => (string[])[constant.Name, constant.Value])]));
    }

    /// <summary>The file, for example <c>sm90/sm90_bsa_fwd.cu</c>.</summary>
    public string Name { get; }

    /// <summary>What is in the file.</summary>
    public string Text { get; }

    /// <summary>Included name → text.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The <c>extern "C" __global__</c> function.</summary>
    public string EntryName { get; }

    /// <summary>Macros defined before the first line.</summary>
    public IReadOnlyList<(string Name, string Value)> Constants { get; }

    /// <summary>File and constants, for example <c>sm90_bsa_fwd[HEAD_DIM=128,BLOCK=128,ELEMENT=bf16]</c>.</summary>
    public string DisplayName { get; }

    /// <summary>SHA-256 in hexadecimal over everything above.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Reads a kernel and, following its <c>#include "…"</c> lines, its headers from the resources of an assembly.</summary>
    /// <param name="assembly">Has the resources.</param>
    /// <param name="prefix">Stands before every resource name, for example <c>Kernels/</c>.</param>
    /// <param name="name">The file, for example <c>sm90/sm90_bsa_fwd.cu</c>. Headers are looked for in its folder, then in <c>common/</c>.</param>
    /// <param name="entryName">The <c>extern "C" __global__</c> function.</param>
    /// <param name="constants">Macros defined before the first line.</param>
    /// <exception cref="ArgumentException">The file or a header is not there, or a constant is not usable.</exception>
    public static KernelSource FromResources(Assembly assembly, string prefix, string name, string entryName, params IEnumerable<(string Name, string Value)> constants) =>
        FromFiles(path => Resource(assembly, prefix + path), name, entryName, constants);

    /// <summary>Like <see cref="FromResources"/>, from anywhere.</summary>
    /// <param name="read">Text of a file such as <c>common/arguments.cuh</c>; <see langword="null"/> when there is none.</param>
    /// <param name="name">The file.</param>
    /// <param name="entryName">The <c>extern "C" __global__</c> function.</param>
    /// <param name="constants">Macros defined before the first line.</param>
    /// <exception cref="ArgumentException">The file or a header is not there, or a constant is not usable.</exception>
    public static KernelSource FromFiles(Func<string, string?> read, string name, string entryName, params IEnumerable<(string Name, string Value)> constants)
    {
        var text = read(name) ?? throw new ArgumentException($"There is no kernel file {name}.");
        var headers = new Dictionary<string, string>();
        var open = new Queue<(string By, string Text)>([(name, text)]);
        string[] folders = [$"{Path.GetDirectoryName(name)}/".TrimStart('/'), "common/"];
        while (open.TryDequeue(out var file))
        {
            foreach (var header in Include().Matches(file.Text).Select(match => match.Groups["header"].Value).Where(header => !headers.ContainsKey(header)))
            {
                var found = folders.Select(folder => read(folder + header)).FirstOrDefault(content => content is not null)
                    ?? throw new ArgumentException($"{file.By} includes \"{header}\", which is neither {string.Join(" nor ", folders.Select(folder => folder + header))}.");
                headers.Add(header, found);
                open.Enqueue((header, found));
            }
        }
        return new(name, text, headers, entryName, constants);
    }

    /// <summary>SHA-256 in hexadecimal over a list of texts; lists that differ in any text, or in where one ends, differ in it.</summary>
    internal static string Hash(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string? Resource(Assembly assembly, string path)
    {
        using var stream = assembly.GetManifestResourceStream(path);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^\s*#\s*include\s+""(?<header>[^""]+)""", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
