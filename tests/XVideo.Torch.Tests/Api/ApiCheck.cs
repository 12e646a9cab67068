using System.Reflection;

namespace XVideo.Torch.Tests.Api;

/// <summary>Finds public members that TorchSharp lacks: code that uses one would not compile against the TorchSharp packages.</summary>
internal static class ApiCheck
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Compares types with a list.</summary>
    /// <returns>One line an offender, with the nearest listed members; empty when the types are a subset.</returns>
    public static IReadOnlyList<string> Offenders(IEnumerable<Type> types, IReadOnlyDictionary<string, ApiType> list)
    {
        var offenders = new List<string>();
        foreach (var type in types) CheckType(type, list, offenders);
        return offenders;
    }

    private static void CheckType(Type type, IReadOnlyDictionary<string, ApiType> list, List<string> offenders)
    {
        var name = ApiFormat.Declaration(type);
        if (!list.TryGetValue(name, out var listed))
        {
            offenders.Add($"{name}: TorchSharp has no such type");
            return;
        }
        var kind = ApiFormat.Kind(type);
        // A static class may stand for a class whose instances nobody here needs; the reverse would offer what TorchSharp does not.
        if (kind != listed.Kind && (kind, listed.Kind) != ("static class", "class"))
            offenders.Add($"{name}: is a {kind}, TorchSharp has a {listed.Kind}");

        void Require(bool isListed, string text, string member)
        {
            if (isListed) return;
            var near = listed.Members.Where(candidate => MemberName(candidate) == member).ToList();
            offenders.Add($"{name}: {text}{(near.Count == 0 ? " (no member of that name)" : $"\n    listed: {string.Join("\n    listed: ", near)}")}");
        }

        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
                Require(listed.Members.Contains($"{value}={Convert.ToInt64(Enum.Parse(type, value))}"), value, value);
            return;
        }
        foreach (var constructor in type.GetConstructors(Public))
            Require(listed.Members.Contains(ApiFormat.Constructor(constructor)), ApiFormat.Constructor(constructor), ".ctor");
        foreach (var method in type.GetMethods(Public).Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)))
            Require(listed.Members.Contains(ApiFormat.Method(method)), ApiFormat.Method(method), method.Name);
        foreach (var field in type.GetFields(Public)) Require(HasField(listed, field), ApiFormat.Field(field), field.Name);
        foreach (var property in type.GetProperties(Public))
            Require(HasProperty(listed, property), Accessors(property), property.GetIndexParameters().Length > 0 ? "this" : property.Name);
        if (type.GetInterfaces().Contains(typeof(IDisposable))) Require(listed.Members.Contains("void Dispose()"), "IDisposable", "Dispose");
    }

    private static bool HasField(ApiType listed, FieldInfo field)
    {
        var text = ApiFormat.Field(field);
        return listed.Members.Contains(text) || listed.Members.Contains(text.Replace("readonly ", ""));
    }

    // What can be read there can be read here: a get-only property may stand for a field, and for a property that can also be set.
    private static bool HasProperty(ApiType listed, PropertyInfo property)
    {
        var text = ApiFormat.Property(property);
        var writes = property.GetSetMethod() is not null;
        return listed.Members.Contains($"{text} {{ get; set; }}") || (!writes && listed.Members.Contains($"{text} {{ get; }}"))
            || (!writes && (listed.Members.Contains(text) || listed.Members.Contains(text.Replace("static ", "static readonly "))));
    }

    private static string Accessors(PropertyInfo property) =>
        $"{ApiFormat.Property(property)} {{ {(property.GetGetMethod() is null ? "" : "get; ")}{(property.GetSetMethod() is null ? "" : "set; ")}}}";

    private static string MemberName(string member)
    {
        var head = member.Split('(', '{', '=')[0].Trim();
        if (head.Contains("this[", StringComparison.Ordinal)) return "this";
        var start = head.EndsWith('>') ? head.LastIndexOf(' ', head.LastIndexOf('<')) : head.LastIndexOf(' ');
        return head[(start + 1)..].Split('<')[0];
    }
}
