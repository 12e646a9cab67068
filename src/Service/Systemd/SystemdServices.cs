using Microsoft.Extensions.DependencyInjection;

namespace XVideo.Service.Systemd;

/// <summary>Adds what talks to systemd to a server.</summary>
public static class SystemdServices
{
    /// <summary>Tells systemd when the server listens, what it does, that it is well, and that it stops.</summary>
    /// <param name="services">Of a server that <see cref="VideoServer.Create"/> makes.</param>
    /// <param name="options">Where systemd listens, as <see cref="SystemdOptions.FromEnvironment"/> says.</param>
    public static IServiceCollection AddSystemdNotifications(this IServiceCollection services, SystemdOptions options) =>
        services.AddSingleton(options).AddHostedService<SystemdReporter>();
}
