using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XVideo.Service.Api;
using XVideo.Service.Api.Endpoints;
using XVideo.Service.Api.Replies;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Store;
using XVideo.Service.Worker;

namespace XVideo.Service;

/// <summary>Puts a server together: the API over HTTP and, in the same process if wanted, the worker.</summary>
public static class VideoServer
{
    private const long MaximumBodyBytes = 64 << 10; // of routes that carry no prompt
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(35);

    /// <summary>A server that is ready to be started.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="store">Where jobs are kept; the caller closes it after the server.</param>
    /// <param name="engine">What makes the videos; its model is what the API offers. The server ends it, on its own thread.</param>
    /// <param name="configure">More services, or other log providers; by default nothing is logged.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static WebApplication Create(ServiceOptions options, IJobStore store, IVideoEngine engine, Action<WebApplicationBuilder>? configure = null)
    {
        options.Check();
        // Empty: only what is said here and no file or variable of the framework's changes how the server behaves.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(VideoServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        AddServices(builder.Services, options, store, engine);
        configure?.Invoke(builder);
        var app = builder.Build();
        ApiRoutes.Map(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServiceOptions options)
    {
        if (options.Host == "localhost") kestrel.Listen(IPAddress.Loopback, options.Port);
        else kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaximumBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        // Who sends slowly must not hold a connection for long.
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }

    private static void AddServices(IServiceCollection services, ServiceOptions options, IJobStore store, IVideoEngine engine)
    {
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Readable);
        });
        services.AddOpenApi("v1", ApiDocument.Configure);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + ShutdownMargin);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options).AddSingleton(store).AddSingleton(engine.Model);
        services.AddSingleton(_ => new JobFiles(options.FilesFolder));
        services.AddSingleton<FileSweeper>().AddSingleton<WorkerState>().AddSingleton<KeyRing>().AddSingleton<RateLimits>().AddSingleton<EventReaders>();
        services.AddSingleton<CreateEndpoints>().AddSingleton<ReadEndpoints>().AddSingleton<EndEndpoints>()
            .AddSingleton<ContentEndpoints>().AddSingleton<EventEndpoints>().AddSingleton<HealthEndpoints>();
        services.AddHostedService<Maintenance>();
        if (!options.RunsWorker) return;
        services.AddSingleton(engine).AddSingleton<EngineThread>().AddSingleton<Publisher>().AddSingleton<JobRunner>().AddSingleton<WorkerIdentity>();
        services.AddHostedService<VideoWorker>();
    }
}
