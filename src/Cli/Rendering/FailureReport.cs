using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>The one place where an exception becomes a message and an exit code.</summary>
internal static class FailureReport
{
    /// <returns>The exit code.</returns>
    public static int Print(Exception error, bool asJson, bool isVerbose)
    {
        var failure = error is ConfigurationException ? new Failure(FailureKind.Request, error.Message) : Failure.From(error);
        Console.Error.WriteLine($"xvideo: {failure.Message}");
        if (isVerbose && failure.Kind != FailureKind.Cancelled) Console.Error.WriteLine(error);
        else if (failure.Kind == FailureKind.Unexpected) Console.Error.WriteLine("This is a mistake in xvideo. Run with --verbose for the stack.");
        if (asJson) PrintJson(error, failure);
        return (int)failure.Kind;
    }

    private static void PrintJson(Exception error, Failure failure) => JsonOutput.Print(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("kind", failure.Kind.ToString());
        json.WriteNumber("exitCode", (int)failure.Kind);
        json.WriteString("message", failure.Message);
        json.WriteStartArray("problems");
        foreach (var problem in error is ConfigurationException configuration ? configuration.Problems : [failure.Message]) json.WriteStringValue(problem);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
