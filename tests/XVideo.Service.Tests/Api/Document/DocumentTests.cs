using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api.Document;

/// <summary>What /openapi/v1.json says is what the server does.</summary>
public sealed class DocumentTests : IAsyncLifetime
{
    private readonly FakeEngine _engine = new();
    private readonly SqliteBed _bed = new();
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private JsonElement _document;
    private SchemaCheck _check = null!;

    public async Task InitializeAsync()
    {
        _app = VideoServer.Create(new ServiceOptions { FilesFolder = Path.Combine(_bed.Folder, "files"), Port = 0, RequiresKeys = false, MinimumFreeBytes = 0 }, await _bed.OpenAsync(), _engine);
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _document = JsonElement.Parse(await _client.GetStringAsync("/openapi/v1.json"));
        _check = new SchemaCheck(_document);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _bed.DisposeAsync();
        _engine.Dispose();
    }

    [Fact]
    public async Task Document_EveryRoute_IsInItOrAnswers501()
    {
        var missing = new List<string>();
        foreach (var route in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var path = "/" + route.RoutePattern.RawText!.Trim('/');
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                if (_document.GetProperty("paths").TryGetProperty(path, out var item) && item.TryGetProperty(method.ToLowerInvariant(), out _)) continue;
                // The page and the document itself are no part of the API.
                if (!path.StartsWith("/v1", StringComparison.Ordinal) && path is "/" or "/page/{name}" or "/openapi/{documentName}.json") continue;
                using var reply = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", "x")));
                if ((int)reply.StatusCode != 501) missing.Add($"{method} {path}");
            }
        }
        Assert.Empty(missing);
    }

    [Fact]
    public void Document_EveryOperation_IsNamedGroupedAndSaysHowItRefuses()
    {
        var operations = Operations().ToArray();
        Assert.True(operations.Length >= 19, $"there are only {operations.Length} operations");
        Assert.Equal(operations.Length, operations.Select(entry => entry.Operation.GetProperty("operationId").GetString()).Distinct().Count());
        var groups = _document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToArray();
        foreach (var (place, operation) in operations)
        {
            Assert.True(operation.GetProperty("summary").GetString() is { Length: > 5 }, $"{place} has no summary");
            Assert.Contains(operation.GetProperty("tags").EnumerateArray().Single().GetString(), groups);
            if (!place.Contains("/v1/", StringComparison.Ordinal)) continue;
            Assert.Contains(operation.GetProperty("security").EnumerateArray(), way => way.TryGetProperty("api_key", out _));
            foreach (var status in (string[])["401", "403", "429", "503"]) AssertEnvelope(place, operation.GetProperty("responses").GetProperty(status));
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5')) AssertEnvelope($"{place} {response.Name}", response.Value);
            if (place.Contains("{id}", StringComparison.Ordinal)) Assert.True(operation.GetProperty("responses").TryGetProperty("404", out _), $"{place} has no 404");
        }
        var schemes = _document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal(("http", "bearer"), (schemes.GetProperty("api_key").GetProperty("type").GetString(), schemes.GetProperty("api_key").GetProperty("scheme").GetString()));
        Assert.Equal(("apiKey", "query", "token"), (schemes.GetProperty("video_token").GetProperty("type").GetString(), schemes.GetProperty("video_token").GetProperty("in").GetString(), schemes.GetProperty("video_token").GetProperty("name").GetString()));
        Assert.Equal(5, operations.Count(entry => entry.Operation.TryGetProperty("security", out var ways) && ways.EnumerateArray().Any(way => way.TryGetProperty("video_token", out _))));

        static void AssertEnvelope(string place, JsonElement response) => Assert.True(
            response.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString() == "#/components/schemas/ErrorEnvelope", $"{place} is not the envelope");
    }

    [Fact]
    public async Task Document_Examples_AreOfTheirSchemasAndTheRequestsAreTaken()
    {
        var examples = 0;
        foreach (var schema in _document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (!schema.Value.TryGetProperty("examples", out var values)) continue;
            foreach (var value in values.EnumerateArray())
            {
                Assert.Empty(_check.Problems(schema.Value, value, schema.Name));
                examples++;
            }
        }
        Assert.True(examples >= 6, $"there are only {examples} examples");
        var (status, reply) = await SendAsync(HttpMethod.Post, "/v1/videos", Schema("CreateBody").GetProperty("examples")[0].ToString());
        Assert.True(status == 200, reply.ToString());
    }

    [Fact]
    public async Task Document_RealReplies_AreOfTheSchemasItNames()
    {
        var (status, video) = await SendAsync(HttpMethod.Post, "/v1/videos", """{"prompt":"a","attention":{"method":"xattention","threshold":0.9}}""");
        Assert.True(status == 200, video.ToString());
        var id = video.GetProperty("id").GetString();
        await ApiServer.UntilAsync(() => Video().Result.GetProperty("status").GetString() == "completed");
        var calls = new (HttpMethod Method, string Path, string Template, string? Body, int Status)[]
        {
            (HttpMethod.Get, $"/v1/videos/{id}", "/v1/videos/{id}", null, 200),
            (HttpMethod.Get, "/v1/videos", "/v1/videos", null, 200),
            (HttpMethod.Get, "/v1/models", "/v1/models", null, 200),
            (HttpMethod.Get, $"/v1/models/{FakeEngine.ModelId}", "/v1/models/{id}", null, 200),
            (HttpMethod.Get, "/v1/queue", "/v1/queue", null, 200),
            (HttpMethod.Post, $"/v1/videos/{id}/token", "/v1/videos/{id}/token", null, 200),
            (HttpMethod.Post, $"/v1/videos/{id}/cancel", "/v1/videos/{id}/cancel", null, 409),
            (HttpMethod.Post, $"/v1/videos/{id}/remix", "/v1/videos/{id}/remix", """{"prompt":"b"}""", 200),
            (HttpMethod.Post, "/v1/videos", "/v1/videos", """{"prompt":"b","num_frames":80}""", 400),
            (HttpMethod.Post, "/v1/videos", "/v1/videos", "{", 400),
            (HttpMethod.Get, "/v1/videos/nope", "/v1/videos/{id}", null, 404),
            (HttpMethod.Get, "/v1/videos?limit=x", "/v1/videos", null, 400),
            (HttpMethod.Get, "/readyz", "/readyz", null, 200),
            (HttpMethod.Delete, $"/v1/videos/{id}", "/v1/videos/{id}", null, 200),
        };
        foreach (var call in calls)
        {
            var (got, reply) = await SendAsync(call.Method, call.Path, call.Body);
            Assert.True(got == call.Status, $"{call.Method} {call.Path}: {got} {reply}");
            var schema = _document.GetProperty("paths").GetProperty(call.Template).GetProperty(call.Method.Method.ToLowerInvariant()).GetProperty("responses").GetProperty($"{got}").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            Assert.Empty(_check.Problems(schema, reply, $"{call.Method} {call.Path}"));
        }

        async Task<JsonElement> Video() => (await SendAsync(HttpMethod.Get, $"/v1/videos/{id}")).Reply;
    }

    [Fact]
    public void SchemaCheck_ValueOfAnotherKind_IsFound()
    {
        var video = Schema("VideoObject");
        var good = JsonSerializer.Serialize(video.GetProperty("examples")[0]);
        foreach (var (old, wrong) in ((string, string)[])[("\"seed\":7", "\"seed\":\"7\""), ("\"seed\":7,", ""), ("\"in_progress\"", "\"running\""), ("\"object\":\"video\"", "\"object\":\"movie\""), ("\"attempts\":1", "\"attempts\":1,\"new\":1"), ("\"error\":null", "\"error\":{}")])
        {
            Assert.Contains(old, good);
            Assert.NotEmpty(_check.Problems(video, JsonElement.Parse(good.Replace(old, wrong))));
        }
    }

    private JsonElement Schema(string name) => _check.Resolve($"#/components/schemas/{name}");

    private IEnumerable<(string Place, JsonElement Operation)> Operations() =>
        from path in _document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    private async Task<(int Status, JsonElement Reply)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }
}
