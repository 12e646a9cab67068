using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace XVideo.Hosting.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Host_OptionsThatCannotWork_DoesNotStartAndNamesAllOfThem()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddXVideo(options => options.Device = "tpu");
        builder.Services.AddXVideo(options => (options.Device, options.DType, options.Threads, options.VaeTile, options.Crf) = ("gpu", "f8", 0, 7, 52));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(6, error.Failures.Count());
        foreach (var (name, got) in new[] { ("ModelPath", "\"\""), ("Device", "\"gpu\""), ("DType", "\"f8\""), ("Threads", "0"), ("VaeTile", "7"), ("Crf", "52") })
            Assert.Contains(error.Failures, failure => failure.StartsWith($"XVideo: {name} {got} is not usable: it must be ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_FolderWithoutAModel_DoesNotStartAndSaysWhatIsMissing()
    {
        using var place = new TemporaryPlace();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddXVideo(options => options.ModelPath = place.Path);
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(place.Path, error.Message);
        Assert.Contains("model_index.json", error.Message);
    }

    [Fact]
    public async Task Add_Twice_KeepsTheFirstGeneratorAndTheLastWord()
    {
        var services = new ServiceCollection();
        services.AddXVideo(options => options.ModelPath = "/nowhere").AddXVideo(options => options.ModelPath = Models.Tiny);
        await using var provider = services.BuildServiceProvider();

        var generators = provider.GetServices<IVideoGenerator>().ToArray();

        Assert.Single(generators);
        Assert.True(generators[0].Defaults.Steps > 0);
        Assert.Equal(generators[0], provider.GetRequiredService<IVideoGenerator>());
    }

    [Fact]
    public async Task Add_TwoNames_AreTwoGeneratorsWithOptionsOfTheirOwn()
    {
        using var place = new TemporaryPlace();
        var other = place.CopyOfTinyModel(64, 48, 5, 3);
        var services = new ServiceCollection();
        services.AddXVideo("draft", options => options.ModelPath = other).AddXVideo("final", options => options.ModelPath = Models.Tiny);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(3, provider.GetRequiredKeyedService<IVideoGenerator>("draft").Defaults.Steps);
        Assert.NotEqual(3, provider.GetRequiredKeyedService<IVideoGenerator>("final").Defaults.Steps);
        Assert.Null(provider.GetService<IVideoGenerator>());
    }

    [Fact]
    public async Task Container_DisposedWithoutAwait_EndsTheGenerator()
    {
        var services = new ServiceCollection();
        services.AddXVideo(options => options.ModelPath = Models.Tiny);
        var provider = services.BuildServiceProvider();
        var videos = provider.GetRequiredService<IVideoGenerator>();

        provider.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => videos.WarmUpAsync());
    }
}
