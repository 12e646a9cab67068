using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace XVideo.Torch.Tests.Api;

/// <summary>Writes types and members in the notation of the list.</summary>
internal static class ApiFormat
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";

    /// <summary>Name of a declared type, for example <c>TorchSharp.Utils::TensorAccessor&lt;T&gt;</c>.</summary>
    public static string Declaration(Type type) => $"{type.Namespace}::{Type(type)}";

    public static string Type(Type type)
    {
        if (type.IsByRef) return Type(type.GetElementType()!);
        if (type.IsArray) return Type(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Type(value) + "?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsGenericParameter) return type.Name;
        var name = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType) name = $"{outer.Name.Split('`')[0]}.{name}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Type))}>" : name;
    }

    public static string Constructor(ConstructorInfo constructor) => $".ctor({Parameters(constructor)})";

    public static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Type))}>" : "";
        return $"{Static(method.IsStatic)}{Type(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    public static string Field(FieldInfo field) =>
        $"{Static(field.IsStatic)}{(field.IsInitOnly ? "readonly " : "")}{Type(field.FieldType)} {field.Name}";

    /// <summary>A property without its accessors.</summary>
    public static string Property(PropertyInfo property)
    {
        var indices = property.GetIndexParameters();
        var name = indices.Length == 0 ? property.Name : $"this[{string.Join(", ", indices.Select(Parameter))}]";
        return $"{Static(property.GetAccessors()[0].IsStatic)}{Type(property.PropertyType)} {name}";
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Parameters(MethodBase method)
    {
        var extended = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extended + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var modifier = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params "
            : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{modifier}{Type(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter.RawDefaultValue)}" : "")}";
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
