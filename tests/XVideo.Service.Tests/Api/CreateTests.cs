using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Api;

public class CreateTests
{
    [StoreFact]
    public async Task Create_FormWithPromptOnly_AnswersTheThirteenFields()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await server.CreateFormAsync(("prompt", "a red ball"));

        Assert.Equal(200, reply.Status);
        foreach (var name in (string[])["id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size", "seconds", "remixed_from_video_id", "error"])
            Assert.True(reply.Json.TryGetProperty(name, out _), $"{name} is missing in {reply.Text}");
        Assert.Matches("^video_[0-9a-f]{32}$", reply.Json.GetProperty("id").GetString());
        Assert.Equal("video", reply.Json.GetProperty("object").GetString());
        Assert.Equal("queued", reply.Json.GetProperty("status").GetString());
        Assert.Equal(0, reply.Json.GetProperty("progress").GetInt32());
        Assert.Equal("832x480", reply.Json.GetProperty("size").GetString());
        Assert.Equal("5", reply.Json.GetProperty("seconds").GetString());
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("error").ValueKind);
        Assert.True(Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - reply.Json.GetProperty("created_at").GetInt32()) < 60);
    }

    [StoreFact]
    public async Task Create_JsonWithSecondsAndSize_BringsThemToFrames()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await server.CreateAsync(new { prompt = "a", seconds = "4", size = "832x480", model = FakeEngine.ModelId });

        Assert.Equal(200, reply.Status);
        Assert.Equal("4", reply.Json.GetProperty("seconds").GetString());
        Assert.Equal("832x480", reply.Json.GetProperty("size").GetString());
        Assert.Equal(65, reply.Json.GetProperty("num_frames").GetInt32());
        Assert.True(reply.Json.GetProperty("seed").GetInt64() >= 0);
        Assert.Equal(129, (await server.CreateAsync(new { prompt = "a", seconds = 8 })).Json.GetProperty("num_frames").GetInt32());
        // An exact number of frames beats the rough wish.
        Assert.Equal(9, (await server.CreateAsync(new { prompt = "a", seconds = 8, num_frames = 9 })).Json.GetProperty("num_frames").GetInt32());
    }

    [StoreFact]
    public async Task Create_FormWithAllSettings_EchoesThem()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await server.CreateFormAsync(
            ("prompt", "a"), ("num_frames", "81"), ("fps", "16"), ("seed", "7"), ("num_inference_steps", "8"), ("guidance_scale", "5.5"), ("negative_prompt", "blurry"),
            ("flow_shift", "4"), ("width", "320"), ("height", "176"), ("attention[method]", "xattention"), ("attention[threshold]", "0.8"), ("attention[stride]", "16"),
            ("attention[block_size]", "64"), ("attention[dense_warmup]", "10%"));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal("5", reply.Json.GetProperty("seconds").GetString());
        Assert.Equal(81, reply.Json.GetProperty("num_frames").GetInt32());
        Assert.Equal(16, reply.Json.GetProperty("fps").GetDouble());
        Assert.Equal(7, reply.Json.GetProperty("seed").GetInt64());
        Assert.Equal(8, reply.Json.GetProperty("num_inference_steps").GetInt32());
        Assert.Equal(5.5, reply.Json.GetProperty("guidance_scale").GetDouble());
        Assert.Equal("blurry", reply.Json.GetProperty("negative_prompt").GetString());
        Assert.Equal("320x176", reply.Json.GetProperty("size").GetString());
        var attention = reply.Json.GetProperty("attention");
        Assert.Equal("xattention", attention.GetProperty("method").GetString());
        Assert.Equal(0.8, attention.GetProperty("threshold").GetDouble());
        Assert.Equal(64, attention.GetProperty("block_size").GetInt32());
        // What is shown is also what reaches the engine.
        await server.WaitAsync(reply.Json.GetProperty("id").GetString()!, "completed");
        var request = engine.Begun.Single().Request;
        Assert.Equal((320, 176, 81, 8, 7L, 5.5, 4.0, "blurry"),
            (request.Width, request.Height, request.FrameCount, request.Steps, request.Seed, request.GuidanceScale, request.FlowShift, request.NegativePrompt));
        Assert.Equal(("xattention", 0.8, 16, 64, "10%"),
            (request.Attention.Method, request.Attention.Threshold.Values[0], request.Attention.Stride, request.Attention.BlockSize, request.Attention.DenseWarmup.ToString()));
    }

    [StoreTheory]
    [InlineData("""{"prompt":"a","extra_body":{"seed":7,"attention":{"method":"window"}}}""")]
    [InlineData("""{"prompt":"a","extra_body":"{\"seed\":7,\"attention\":{\"method\":\"window\"}}"}""")]
    [InlineData("""{"prompt":"a","seed":"7","extra_body":{"seed":7},"attention":{"method":"window"}}""")]
    public async Task Create_ExtraBody_IsMerged(string body)
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        var reply = await server.SendAsync(HttpMethod.Post, "/v1/videos", Json(body));

        Assert.True(reply.Status == 200, reply.Text);
        Assert.Equal(7, reply.Json.GetProperty("seed").GetInt64());
        Assert.Equal("window", reply.Json.GetProperty("attention").GetProperty("method").GetString());
    }

    [StoreFact]
    public async Task Create_ExtraBodyInAForm_IsMerged()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        Assert.Equal(7, (await server.CreateFormAsync(("prompt", "a"), ("extra_body[seed]", "7"))).Json.GetProperty("seed").GetInt64());
        Assert.Equal(8, (await server.CreateFormAsync(("prompt", "a"), ("extra_body", """{"seed":8}"""))).Json.GetProperty("seed").GetInt64());
        Assert.Equal(9, (await server.CreateFormAsync(("prompt", "a"), ("extra_body[seed]", "9"), ("attention", """{"method":"window"}"""))).Json.GetProperty("seed").GetInt64());
    }

    [StoreTheory]
    [InlineData("""{}""", "missing_required_parameter", "prompt")]
    [InlineData("""{"prompt":null}""", "missing_required_parameter", "prompt")]
    [InlineData("""{"prompt":""}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt":7}""", "invalid_type", "prompt")]
    [InlineData("""{"prompt":"a","size":"831x480"}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","size":"0x0"}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","size":"832"}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","size":"832X480"}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","size":"99999x16"}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","size":"832x480","width":640}""", "invalid_value", "size")]
    [InlineData("""{"prompt":"a","width":831}""", "invalid_value", "width")]
    [InlineData("""{"prompt":"a","seconds":"0"}""", "invalid_value", "seconds")]
    [InlineData("""{"prompt":"a","seconds":"-1"}""", "invalid_value", "seconds")]
    [InlineData("""{"prompt":"a","seconds":"abc"}""", "invalid_value", "seconds")]
    [InlineData("""{"prompt":"a","seconds":"9999"}""", "invalid_value", "seconds")]
    [InlineData("""{"prompt":"a","seconds":[4]}""", "invalid_type", "seconds")]
    [InlineData("""{"prompt":"a","num_frames":80}""", "invalid_value", "num_frames")]
    [InlineData("""{"prompt":"a","num_frames":99999999999}""", "invalid_value", "num_frames")]
    [InlineData("""{"prompt":"a","num_frames":true}""", "invalid_type", "num_frames")]
    [InlineData("""{"prompt":"a","num_inference_steps":0}""", "invalid_value", "num_inference_steps")]
    [InlineData("""{"prompt":"a","guidance_scale":"NaN"}""", "invalid_value", "guidance_scale")]
    [InlineData("""{"prompt":"a","fps":"1,5"}""", "invalid_value", "fps")]
    [InlineData("""{"prompt":"a","fps":"NaN","seconds":4}""", "invalid_value", "fps")]
    [InlineData("""{"prompt":"a","seed":"1e3"}""", "invalid_value", "seed")]
    [InlineData("""{"prompt":"a","seed":-1}""", "invalid_value", "seed")]
    [InlineData("""{"prompt":"a","flow_shift":0}""", "invalid_value", "flow_shift")]
    [InlineData("""{"prompt":"a","attention":{"method":"nope"}}""", "invalid_value", "attention.method")]
    [InlineData("""{"prompt":"a","attention":{"method":"xattention","threshold":2}}""", "invalid_value", "attention.threshold")]
    [InlineData("""{"prompt":"a","attention":{"method":"xattention","threshold":"/etc/passwd.json"}}""", "invalid_value", "attention.threshold")]
    [InlineData("""{"prompt":"a","attention":{"method":"dense","stride":8}}""", "invalid_value", "attention.stride")]
    [InlineData("""{"prompt":"a","attention":{"nope":8}}""", "unknown_parameter", "attention.nope")]
    [InlineData("""{"prompt":"a","attention":"dense"}""", "invalid_value", "attention")]
    [InlineData("""{"prompt":"a","extra_body":[1]}""", "invalid_type", "extra_body")]
    [InlineData("""{"prompt":"a","seed":1,"extra_body":{"seed":2}}""", "invalid_value", "seed")]
    [InlineData("""{"prompt":"a","output_path":"/tmp/x"}""", "unknown_parameter", "output_path")]
    [InlineData("""{"prompt":"a","preset":"nope"}""", "invalid_value", "preset")]
    [InlineData("""{"prompt":"a","input_reference":{"image_url":"data:image/png;base64,AAAA"}}""", "invalid_value", "input_reference")]
    [InlineData("""{"prompt":"a\ud800"}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt":"a","attention":{"window":"\udc00"}}""", "invalid_value", "attention.window")]
    [InlineData("""{"prompt":"a","\ud800":1}""", "invalid_body", null)]
    [InlineData("""{"prompt":"a\u0000b"}""", "invalid_value", "prompt")]
    [InlineData("""{"prompt":"a","extra_body":null,"attention":null,"fps":1e999}""", "invalid_value", "fps")]
    [InlineData("""{""", "invalid_body", null)]
    [InlineData("""[]""", "invalid_body", null)]
    [InlineData("""{"prompt":"a","prompt":"b"}""", "invalid_body", null)]
    public async Task Create_BadJson_Answers400WithCodeAndParam(string body, string code, string? param)
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await server.SendAsync(HttpMethod.Post, "/v1/videos", Json(body))).AssertError(400, code, param);
        Assert.Empty((await server.GetAsync("/v1/videos")).Json.GetProperty("data").EnumerateArray());
    }

    [StoreFact]
    public async Task Create_PromptTooLong_AnswersStringAboveMaxLength()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await server.CreateAsync(new { prompt = new string('a', 32_001) })).AssertError(400, "string_above_max_length", "prompt");
        (await server.CreateAsync(new { prompt = "a", negative_prompt = new string('a', 32_001) })).AssertError(400, "string_above_max_length", "negative_prompt");
        Assert.Equal(200, (await server.CreateAsync(new { prompt = new string('a', 32_000) })).Status);
    }

    [StoreFact]
    public async Task Create_PromptThatTheModelDoesNotGrasp_IsAcceptedAndSaysSo()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        var plain = (await server.CreateAsync(new { prompt = "a red ball" })).Json;
        var strange = (await server.CreateAsync(new { prompt = $"a foxtrot ox {new string('a', 100)}" })).Json;
        var nonsense = (await server.CreateAsync(new { prompt = string.Join(' ', Enumerable.Range(0, 1000).Select(at => $"x{at}")) })).Json;

        Assert.False(plain.GetProperty("prompt_truncated").GetBoolean());
        Assert.Equal(0, plain.GetProperty("unknown_words").GetArrayLength());
        Assert.True(strange.GetProperty("prompt_truncated").GetBoolean());
        Assert.Equal(["foxtrot", "ox"], strange.GetProperty("unknown_words").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(20, nonsense.GetProperty("unknown_words").GetArrayLength());
        var again = (await server.GetAsync($"/v1/videos/{strange.GetProperty("id").GetString()}")).Json;
        Assert.Equal((true, 2), (again.GetProperty("prompt_truncated").GetBoolean(), again.GetProperty("unknown_words").GetArrayLength()));
    }

    [StoreFact]
    public async Task Create_LargestSeed_IsKeptExactlyAsNumberAndAsText()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        foreach (var seed in (object[])[9007199254740991, "9007199254740991"])
            Assert.Equal("9007199254740991", (await server.CreateAsync(new { prompt = "a", seed })).Json.GetProperty("seed").GetRawText());
        foreach (var seed in (object[])[9007199254740992, "9007199254740992", "9223372036854775808", "1.0", "-1"])
        {
            var reply = await server.CreateAsync(new { prompt = "a", seed });
            reply.AssertError(400, "invalid_value", "seed");
            Assert.DoesNotContain("2147483647", reply.Text);
        }
        Assert.Contains("9007199254740991", (await server.CreateAsync(new { prompt = "a", seed = 9007199254740992 })).Text);
    }

    [StoreFact]
    public async Task Create_UnknownModel_Answers404()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await server.CreateAsync(new { prompt = "a", model = "nope" })).AssertError(404, "model_not_found", "model");
    }

    [StoreFact]
    public async Task Create_FormWithADuplicateOrAFile_AnswersTheParam()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        (await server.CreateFormAsync(("prompt", "a"), ("seed", "1"), ("seed", "1"))).AssertError(400, "invalid_value", "seed");
        (await server.CreateFormAsync(("prompt", "a"), ("input_reference[image_url]", "data:,"))).AssertError(400, "invalid_value", "input_reference");
        var form = new MultipartFormDataContent { { new StringContent("a"), "prompt" }, { new StreamContent(new MemoryStream(new byte[1 << 20])), "input_reference", "../../x.png" } };
        (await server.SendAsync(HttpMethod.Post, "/v1/videos", form)).AssertError(400, "invalid_value", "input_reference");
    }

    [StoreFact]
    public async Task Create_OtherContentTypesAndSizes_AnswerTheirStatus()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var text = await server.SendAsync(HttpMethod.Post, "/v1/videos", new StringContent("prompt"));
        text.AssertError(415, "unsupported_media_type");
        Assert.Contains("application/json", text.Headers["Accept-Post"]);
        (await server.SendAsync(HttpMethod.Post, "/v1/videos")).AssertError(415, "unsupported_media_type");
        (await server.SendAsync(HttpMethod.Post, "/v1/videos", new StringContent("--x", Encoding.UTF8, "multipart/form-data"))).AssertError(400, "invalid_body");
        var fields = new MultipartFormDataContent();
        for (var at = 0; at < 100; at++) fields.Add(new StringContent("a"), $"field{at}");
        (await server.SendAsync(HttpMethod.Post, "/v1/videos", fields)).AssertError(400, "invalid_body");
    }

    [StoreFact]
    public async Task Create_BrokenUtf8_Answers400()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        byte[] body = [.. "{\"prompt\":\"a"u8, 0xff, 0xfe, .. "\"}"u8];
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");

        Assert.Equal(400, (await server.SendAsync(HttpMethod.Post, "/v1/videos", content)).Status);
    }

    [StoreFact]
    public async Task Create_BodyOf40Megabytes_Answers413()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);
        var body = new StringContent($"{{\"prompt\":\"{new string('a', 40 << 20)}\"}}", Encoding.UTF8, "application/json");

        (await server.SendAsync(HttpMethod.Post, "/v1/videos", body, null, ("Expect", "100-continue"))).AssertError(413, "request_too_large");
    }

    [StoreFact]
    public async Task Create_NoSeed_DrawsAnotherOneEachTime()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);

        var seeds = new HashSet<long>();
        for (var at = 0; at < 5; at++) seeds.Add((await server.CreateAsync(new { prompt = "a" })).Json.GetProperty("seed").GetInt64());

        Assert.True(seeds.Count >= 4, $"the seeds were {string.Join(", ", seeds)}");
    }

    [StoreFact]
    public async Task Document_CreateBody_HasTheFieldsThatAreRead()
    {
        using var engine = new FakeEngine();
        await using var server = await ApiServer.StartAsync(engine);

        var document = (await server.GetAsync("/openapi/v1.json")).Json;

        var schemas = document.GetProperty("components").GetProperty("schemas");
        var documented = schemas.GetProperty("CreateBody").GetProperty("properties").EnumerateObject().Select(property => property.Name).Where(name => name != "attention")
            .Concat(schemas.GetProperty("AttentionObject").GetProperty("properties").EnumerateObject().Select(property => $"attention.{property.Name}"));
        Assert.Equal(Service.Api.Requests.CreateRequestReader.Names.Order(), documented.Order());
        var paths = document.GetProperty("paths");
        foreach (var path in (string[])["/v1/videos", "/v1/videos/{id}", "/v1/videos/{id}/content", "/v1/videos/{id}/cancel", "/v1/videos/{id}/remix", "/v1/videos/{id}/events", "/v1/models", "/v1/queue", "/readyz"])
            Assert.True(paths.TryGetProperty(path, out _), $"{path} is missing in the document");
        Assert.Matches(new Regex("multipart/form-data"), paths.GetProperty("/v1/videos").GetProperty("post").GetProperty("requestBody").ToString());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
