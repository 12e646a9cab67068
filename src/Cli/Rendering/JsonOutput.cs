using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace XVideo.Cli.Rendering;

/// <summary>Prints one JSON object on standard output.</summary>
internal static class JsonOutput
{
    /// <param name="writeMembers">Writes what stands between the braces.</param>
    public static void Print(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
