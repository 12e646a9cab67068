using System.Text.Json;

namespace XVideo.Service.Tests.Api.Document;

/// <summary>Checks values against the schemas of an OpenAPI document: as much of JSON Schema as that document uses, and nothing may go unchecked.</summary>
/// <param name="document">The document.</param>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly string[] Notes = ["description", "examples", "format", "default"];

    /// <summary>The schema of a reference such as <c>#/components/schemas/VideoObject</c>.</summary>
    public JsonElement Resolve(string reference) => reference.Split('/')[1..].Aggregate(document, (at, name) => at.GetProperty(name));

    /// <summary>What is wrong with a value; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems(JsonElement schema, JsonElement value, string place = "value")
    {
        var problems = new List<string>();
        foreach (var rule in schema.EnumerateObject())
        {
            switch (rule.Name)
            {
                case "$ref":
                    problems.AddRange(Problems(Resolve(rule.Value.GetString()!), value, place));
                    break;
                case "oneOf":
                    if (rule.Value.EnumerateArray().Count(way => Problems(way, value, place).Count == 0) != 1) problems.Add($"{place} is not exactly one of {rule.Value}: {value}");
                    break;
                case "type":
                    string[] types = rule.Value.ValueKind == JsonValueKind.Array ? [.. rule.Value.EnumerateArray().Select(type => type.GetString()!)] : [rule.Value.GetString()!];
                    if (!types.Any(type => Is(type, value))) problems.Add($"{place} is {value.ValueKind}, not {string.Join(" or ", types)}: {value}");
                    break;
                case "const":
                    if (rule.Value.ToString() != value.ToString()) problems.Add($"{place} is {value}, not {rule.Value}");
                    break;
                case "enum":
                    if (rule.Value.EnumerateArray().All(allowed => allowed.ToString() != value.ToString())) problems.Add($"{place} is {value}, not one of {rule.Value}");
                    break;
                case "required":
                    if (value.ValueKind == JsonValueKind.Object)
                        problems.AddRange(rule.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{place} has no {name}"));
                    break;
                case "properties":
                    if (value.ValueKind == JsonValueKind.Object) problems.AddRange(value.EnumerateObject().SelectMany(member => Member(schema, rule.Value, member, place)));
                    break;
                case "additionalProperties":
                    if (!schema.TryGetProperty("properties", out _)) problems.AddRange(value.EnumerateObject().SelectMany(member => Problems(rule.Value, member.Value, $"{place}.{member.Name}")));
                    break;
                case "items":
                    if (value.ValueKind == JsonValueKind.Array) problems.AddRange(value.EnumerateArray().SelectMany((item, at) => Problems(rule.Value, item, $"{place}[{at}]")));
                    break;
                default:
                    if (!Notes.Contains(rule.Name)) problems.Add($"{place}: the check does not know \"{rule.Name}\"");
                    break;
            }
        }
        return problems;
    }

    private IEnumerable<string> Member(JsonElement schema, JsonElement properties, JsonProperty member, string place) =>
        properties.TryGetProperty(member.Name, out var own) ? Problems(own, member.Value, $"{place}.{member.Name}")
        : schema.TryGetProperty("additionalProperties", out var others) ? Problems(others, member.Value, $"{place}.{member.Name}")
        : [$"{place}.{member.Name} is not in the schema"];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => false,
    };
}
