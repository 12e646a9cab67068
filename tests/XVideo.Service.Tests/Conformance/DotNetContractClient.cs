#pragma warning disable OPENAI001 // the vendor calls its video client experimental
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Videos;

namespace XVideo.Service.Tests.Conformance;

/// <summary>The vendor's package for .NET, unmodified but for address and key.</summary>
internal sealed class DotNetContractClient : IContractClient
{
    public string Name => ".NET";

    public async Task<ContractReply?> SendAsync(ContractCall call)
    {
        // The package refuses an empty key, and always sends what it has.
        if (call.Key is null) return null;
        if (call.Operation == "videos.iterate") return await Pages.IterateAsync(this, call);
        var options = new OpenAIClientOptions { Endpoint = new Uri(call.Address!, "/v1") };
        if (!call.Retries) options.RetryPolicy = new ClientRetryPolicy(0);
        var client = new OpenAIClient(new ApiKeyCredential(call.Key), options);
        try
        {
            return await ReadAsync(await SendAsync(client, client.GetVideoClient(), call), call.Events);
        }
        catch (ClientResultException error) when (error.GetRawResponse() is { } response)
        {
            return await ReadAsync(response, 0);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<PipelineResponse> SendAsync(OpenAIClient client, VideoClient videos, ContractCall call)
    {
        var options = Options(call);
        switch (call.Operation)
        {
            case "models.list":
                return (await client.GetOpenAIModelClient().GetModelsAsync(options)).GetRawResponse();
            case "videos.create":
                var (body, type) = await BodyAsync(call);
                return (await videos.CreateVideoAsync(body, type, options)).GetRawResponse();
            case "videos.retrieve":
                return (await videos.GetVideoAsync(call.Id!, options)).GetRawResponse();
            case "videos.delete":
                return (await videos.DeleteVideoAsync(call.Id!, options)).GetRawResponse();
            case "videos.content":
                return (await videos.DownloadVideoAsync(call.Id!, call.Query?["variant"]?.ToString(), options)).GetRawResponse();
            case "videos.remix":
                return (await videos.CreateVideoRemixAsync(call.Id!, BinaryContent.Create(BinaryData.FromString(call.Fields!.ToJsonString())), "application/json", options)).GetRawResponse();
            case "videos.list":
                var limit = call.Query?["limit"] is JsonValue number ? number.GetValue<int>() : default(int?);
                return (await videos.GetVideosAsync(limit, call.Query?["order"]?.ToString(), call.Query?["after"]?.ToString(), options).GetRawPagesAsync().FirstAsync()).GetRawResponse();
            default:
                return await RequestAsync(videos.Pipeline, call, options);
        }
    }

    // Through the client's own pipeline, with its key and its retries.
    private static async Task<PipelineResponse> RequestAsync(ClientPipeline pipeline, ContractCall call, RequestOptions options)
    {
        using var message = pipeline.CreateMessage(new Uri(call.Address!, $"/v1{call.Path}"), call.Method!);
        if (call.Body is not null)
        {
            message.Request.Content = BinaryContent.Create(BinaryData.FromString(call.Body));
            message.Request.Headers.Set("Content-Type", call.ContentType!);
        }
        options.BufferResponse = call.Events == 0;
        message.Apply(options);
        await pipeline.SendAsync(message);
        return message.ExtractResponse()!;
    }

    private static async Task<(BinaryContent Body, string Type)> BodyAsync(ContractCall call)
    {
        if (call.Encoding == "json") return (BinaryContent.Create(BinaryData.FromString(call.Fields!.ToJsonString())), "application/json");
        var form = HttpContractClient.Form(call);
        return (BinaryContent.Create(await form.ReadAsStreamAsync()), form.Headers.ContentType!.ToString());
    }

    private static RequestOptions Options(ContractCall call)
    {
        var options = new RequestOptions();
        foreach (var (name, value) in call.Headers) options.SetHeader(name, value);
        return options;
    }

    private static async Task<ContractReply> ReadAsync(PipelineResponse response, int events)
    {
        var headers = response.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        return new ContractReply(response.Status, headers, events > 0 ? await Pages.ReadAsync(response.ContentStream!, events) : response.Content.ToArray());
    }
}
