using System.Text.Json.Nodes;

namespace XVideo.Service.Tests.Conformance;

/// <summary>One call of the contract, to be sent by any client in its own way.</summary>
/// <param name="Operation">For example <c>videos.create</c>; <c>request</c> for routes that clients have no method for: sent through their own pipeline all the same.</param>
internal sealed record ContractCall(string Operation)
{
    /// <summary>API key; <see langword="null"/>: no header. By default the stage's first.</summary>
    public string? Key { get; init; } = DefaultKey;

    /// <summary>Stands for the stage's first key.</summary>
    public const string DefaultKey = "K1";

    /// <summary>Of the video.</summary>
    public string? Id { get; init; }

    /// <summary>Of the body.</summary>
    public JsonObject? Fields { get; init; }

    /// <summary><c>form</c> or <c>json</c>.</summary>
    public string Encoding { get; init; } = "form";

    /// <summary>An <c>input_reference</c> as <c>stream</c>, without a length, or <c>typed</c>.</summary>
    public string? File { get; init; }

    /// <summary>Of the address.</summary>
    public JsonObject? Query { get; init; }

    /// <summary>Besides those of the client.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the client retries as it does by default; else not at all.</summary>
    public bool Retries { get; init; }

    /// <summary>Of a <c>request</c>.</summary>
    public string? Method { get; init; }

    /// <summary>Of a <c>request</c>, behind <c>/v1</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Of a <c>request</c>, as it is.</summary>
    public string? Body { get; init; }

    /// <summary>Of <see cref="Body"/>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The answer is a stream, and the connection is dropped after so many events; 0: it is read to its end.</summary>
    public int Events { get; init; }

    /// <summary>Where the server listens; set by the stage.</summary>
    public Uri? Address { get; init; }
}
