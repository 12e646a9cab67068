using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using XVideo.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers XVideo.</summary>
public static class XVideoServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="IVideoGenerator"/> as a singleton that ends with the container. Its model is loaded when it is first needed.</summary>
    /// <param name="services">To add it to; an earlier generator stays.</param>
    /// <param name="configure">Says at least <see cref="XVideoOptions.ModelPath"/>. The options are checked when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddXVideo(this IServiceCollection services, Action<XVideoOptions> configure)
    {
        AddOptions(services, Options.Options.DefaultName, configure);
        services.TryAddSingleton<IVideoGenerator>(provider => Create(provider, Options.Options.DefaultName));
        return services;
    }

    /// <summary>Adds a further generator under a name, for a second model or device: <c>[FromKeyedServices(name)] IVideoGenerator</c>.</summary>
    /// <param name="services">To add it to; an earlier generator of this name stays.</param>
    /// <param name="name">Of the service and of its options; not empty.</param>
    /// <param name="configure">As for the one without a name.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddXVideo(this IServiceCollection services, string name, Action<XVideoOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddOptions(services, name, configure);
        services.TryAddKeyedSingleton<IVideoGenerator>(name, (provider, _) => Create(provider, name));
        return services;
    }

    private static void AddOptions(IServiceCollection services, string name, Action<XVideoOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<XVideoOptions>(name).Configure(configure).ValidateOnStart();
        // Each mistake is said once, however often a name is configured.
        if (!services.Any(service => service is { IsKeyedService: false, ImplementationInstance: XVideoOptionsValidator other } && other.Name == name))
            services.AddSingleton<IValidateOptions<XVideoOptions>>(new XVideoOptionsValidator(name));
        services.TryAddSingleton<DeviceQueue>();
    }

    private static VideoGenerator Create(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<IOptionsMonitor<XVideoOptions>>().Get(name), provider.GetRequiredService<DeviceQueue>(),
        (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<VideoGenerator>());
}
