using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Runs rows, and writes down what came of them: with XVIDEO_WRITE_CONFORMANCE=1, to docs/conformance.md.</summary>
internal static class ConformanceRun
{
    private static readonly ConcurrentDictionary<(string Client, int Row), (bool IsMet, string Notes)> Results = [];
    private static readonly string[] Clients = ["HTTP", ".NET", "npm"];

    /// <summary>The page with the results.</summary>
    public static string Page { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "conformance.md"));

    /// <summary>Runs one row with one client.</summary>
    public static async Task RunAsync(IContractClient client, int number)
    {
        var row = ConformanceTable.Rows.Single(row => row.Number == number);
        await using var stage = await Stage.OpenAsync(client, row);
        Results[(client.Name, number)] = (false, "");
        await row.RunAsync(stage);
        Results[(client.Name, number)] = (true, stage.Notes);
    }

    /// <summary>Writes the page, if that was asked for and every row was run.</summary>
    public static void WritePage()
    {
        if (Environment.GetEnvironmentVariable("XVIDEO_WRITE_CONFORMANCE") != "1" || Results.Count < ConformanceTable.Rows.Count * Clients.Length) return;
        File.WriteAllText(Page, Text());
    }

    /// <summary>How a row's first two cells look on the page.</summary>
    public static string Head(ConformanceRow row) => $"| {row.Number} | {row.Call} | {row.Expected} |";

    private static string Text()
    {
        var page = new StringBuilder("""
            # Conformance

            This page is written by a run of the tests: `XVIDEO_WRITE_CONFORMANCE=1 ./test Conformance`.

            The same calls against a real server, from plain HTTP, from the official .NET package OpenAI 2.15.0 and from the official npm package openai 6.49.0, both unmodified but for address and key,
            and without their retries unless the row says otherwise. What these clients have no method for (cancel, events, HEAD, broken bodies, routes that are not there) is sent with their general
            request, through the same pipeline. The engine is a fake; rows 29 to 31 kill, stop and freeze real server processes.

            | # | Call | Expected | HTTP | .NET | npm |
            |---|---|---|---|---|---|

            """);
        foreach (var row in ConformanceTable.Rows) page.AppendLine($"{Head(row)} {string.Join(" | ", Clients.Select(client => Cell(client, row.Number)))} |");
        page.Append($"""

            {Results.Count(result => result.Value.IsMet)} of {Results.Count} are as expected.

            ## What differs from the vendor's own server

            - A cancelled video is `failed` with the code `canceled`: clients know four states only. There is a route to cancel, `POST /v1/videos/ID/cancel`, which the contract has not.
            - `seconds` is taken as text and as a number, and any length that the model can make; `size` likewise. `num_frames` beats `seconds`.
            - A picture to begin with is refused: the models are text-to-video. `edits`, `extensions` and `characters` answer 501 `not_implemented`, which clients do not retry.
            - `limit=0` gives an empty page. An `after` that names none of the caller's videos is a 400; the vendor's answer is not known.
            - Unknown fields are refused with `unknown_parameter`, so that a wrong spelling does not pass for a setting.
            - More fields in a video: `num_frames`, `fps`, `seed`, `num_inference_steps`, `guidance_scale`, `flow_shift`, `attention`, `phase`, `step`, `eta_seconds`, `queue_position` and others; see `/openapi/v1.json`.

            """);
        return page.ToString();
    }

    private static string Cell(string client, int row)
    {
        var (isMet, notes) = Results[(client, row)];
        return $"{(isMet ? "yes" : "NO")}{(notes.Length > 0 ? $" ({notes})" : "")}";
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
