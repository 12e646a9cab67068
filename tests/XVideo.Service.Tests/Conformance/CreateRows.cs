using System.Text.Json;
using System.Text.Json.Nodes;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 1 to 11: models, keys and creates.</summary>
internal static class CreateRows
{
    private const string TinyPicture = "data:image/png;base64,iVBORw0KGgo=";

    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(1, "list the models", "200 with the served id", ModelsAsync),
        new(2, "no key, a wrong key, a revoked key", "401 `invalid_api_key`, the same bytes, `WWW-Authenticate`", KeysAsync),
        new(3, "create with a prompt alone, as a form", "200: queued, 13 fields, `seconds` is a string", PromptAsync),
        new(4, "create as JSON with `seconds`, `size`, `model`", "200: 4 s are 65 frames, a seed was drawn", JsonAsync),
        new(5, "create as a form with our own fields", "200: all echoed, 81 frames are 5 s", FieldsAsync),
        new(6, "create with a picture: a stream, a typed file, a data URL", "the model takes none: 400, param `input_reference`", PictureAsync),
        new(7, "no prompt, an empty one, 32,001 characters", "400, each with its code", BadPromptAsync),
        new(8, "sizes `831x480`, `0x0`, `832`, `832X480`, `99999x16`", "400 `invalid_value`, param `size`", BadSizeAsync),
        new(9, "bad `seconds`, `num_frames`, steps, guidance, seed", "400, param of the field", BadNumberAsync),
        new(10, "create for a model that is not there", "404 `model_not_found`", BadModelAsync),
        new(11, "a broken body, another content type, 40 MiB", "400 `invalid_body`, 415, 413, each with the envelope", BadBodyAsync),
    ];

    private static async Task ModelsAsync(Stage stage)
    {
        var models = (await stage.SendAsync(new("models.list"))).Ok().Json.GetProperty("data");
        Assert.Equal(FakeEngine.ModelId, Assert.Single(models.EnumerateArray()).GetProperty("id").GetString());
    }

    private static async Task KeysAsync(Stage stage)
    {
        const string id = "video_00000000000000000000000000000000";
        var replies = new List<ContractReply?>
        {
            await stage.TryAsync(new("videos.retrieve") { Id = id, Key = null }, "no key"),
            await stage.SendAsync(new("videos.retrieve") { Id = id, Key = "bad" }),
            await stage.SendAsync(new("videos.retrieve") { Id = id, Key = stage.Keys[2] }),
        };
        foreach (var reply in replies.OfType<ContractReply>())
        {
            reply.Refused(401, "invalid_api_key");
            Assert.Equal(replies[1]!.Text, reply.Text);
            Assert.Equal("Bearer", reply.Headers["WWW-Authenticate"]);
        }
    }

    private static async Task PromptAsync(Stage stage)
    {
        stage.Engine.Close();
        var video = (await stage.CreateAsync(new() { ["prompt"] = "a red ball" })).Ok().Json;
        foreach (var name in (string[])["id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size", "seconds", "remixed_from_video_id", "error"])
            Assert.True(video.TryGetProperty(name, out _), $"{name} is missing in {video}");
        Assert.Matches("^video_[0-9a-f]{32}$", video.GetProperty("id").GetString());
        Assert.Equal(("video", "queued", 0), (video.GetProperty("object").GetString(), video.GetProperty("status").GetString(), video.GetProperty("progress").GetInt32()));
        Assert.Equal(JsonValueKind.String, video.GetProperty("seconds").ValueKind);
        Assert.StartsWith("multipart/form-data", stage.Log.Requests.Single().ContentType);
    }

    private static async Task JsonAsync(Stage stage)
    {
        var video = (await stage.CreateAsync(new() { ["prompt"] = "a", ["seconds"] = "4", ["size"] = "832x480", ["model"] = FakeEngine.ModelId }, "json")).Ok().Json;
        Assert.Equal(("4", "832x480", 65), (video.GetProperty("seconds").GetString(), video.GetProperty("size").GetString(), video.GetProperty("num_frames").GetInt32()));
        Assert.True(video.GetProperty("seed").GetInt64() >= 0);
        Assert.StartsWith("application/json", stage.Log.Requests.Single().ContentType);
        if (stage.Client.Name == "npm") stage.Note("`create` always sends a form: sent with `post`");
    }

    private static async Task FieldsAsync(Stage stage)
    {
        var video = (await stage.CreateAsync(new()
        {
            ["prompt"] = "a", ["num_frames"] = 81, ["fps"] = 16, ["seed"] = 7, ["num_inference_steps"] = 8, ["guidance_scale"] = 5, ["negative_prompt"] = "blurry", ["attention"] = new JsonObject { ["method"] = "xattention", ["threshold"] = 0.8 },
        })).Ok().Json;
        Assert.Equal(("5", 81, 16, 7L, 8, 5.0, "blurry"), (video.GetProperty("seconds").GetString(), video.GetProperty("num_frames").GetInt32(), video.GetProperty("fps").GetDouble(), video.GetProperty("seed").GetInt64(),
            video.GetProperty("num_inference_steps").GetInt32(), video.GetProperty("guidance_scale").GetDouble(), video.GetProperty("negative_prompt").GetString()));
        Assert.Equal(0.8, video.GetProperty("attention").GetProperty("threshold").GetDouble());
        Assert.StartsWith("multipart/form-data", stage.Log.Requests.Single().ContentType);
    }

    private static async Task PictureAsync(Stage stage)
    {
        foreach (var file in (string[])["stream", "typed"])
            (await stage.SendAsync(new("videos.create") { Fields = new() { ["prompt"] = "a" }, File = file })).Refused(400, "invalid_value", "input_reference");
        (await stage.CreateAsync(new() { ["prompt"] = "a", ["input_reference"] = new JsonObject { ["image_url"] = TinyPicture } })).Refused(400, "invalid_value", "input_reference");
        if (stage.Log.Requests[0].IsChunked) stage.Note("the stream came in chunks");
    }

    private static async Task BadPromptAsync(Stage stage)
    {
        (await stage.CreateAsync(new() { ["size"] = "832x480" })).Refused(400, "missing_required_parameter", "prompt");
        Assert.Equal(400, (await stage.CreateAsync(new() { ["prompt"] = "" })).Status);
        (await stage.CreateAsync(new() { ["prompt"] = new string('a', 32_001) })).Refused(400, "string_above_max_length", "prompt");
    }

    private static async Task BadSizeAsync(Stage stage)
    {
        foreach (var size in (string[])["831x480", "0x0", "832", "832X480", "99999x16"]) (await stage.CreateAsync(new() { ["prompt"] = "a", ["size"] = size })).Refused(400, "invalid_value", "size");
    }

    private static async Task BadNumberAsync(Stage stage)
    {
        foreach (var (name, value) in ((string, string)[])[("seconds", "0"), ("seconds", "-1"), ("seconds", "abc"), ("seconds", "9999"), ("num_frames", "80"), ("num_inference_steps", "0"), ("guidance_scale", "NaN"), ("seed", "1e3")])
            (await stage.CreateAsync(new() { ["prompt"] = "a", [name] = value })).Refused(400, "invalid_value", name);
    }

    private static async Task BadModelAsync(Stage stage) => (await stage.CreateAsync(new() { ["prompt"] = "a", ["model"] = "nope" })).Refused(404, "model_not_found", "model");

    private static async Task BadBodyAsync(Stage stage)
    {
        var post = new ContractCall("request") { Method = "POST", Path = "/videos" };
        (await stage.SendAsync(post with { Body = "{", ContentType = "application/json" })).Refused(400, "invalid_body");
        (await stage.SendAsync(post with { Body = "prompt", ContentType = "text/plain" })).Refused(415, "unsupported_media_type");
        (await stage.CreateAsync(new() { ["prompt"] = new string('a', 40 << 20) })).Refused(413, "request_too_large");
    }
}
