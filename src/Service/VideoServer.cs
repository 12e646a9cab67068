using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
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
using XVideo.Service.Api.Requests;
using XVideo.Service.Api.Security;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Observe;
using XVideo.Service.Observe.Prometheus;
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
        AddApi(builder.Services);
        AddCommon(builder.Services, options, store, engine);
        if (options.RunsWorker) AddWorker(builder.Services, engine);
        // Its lines would carry query strings, and so the tokens that links may have.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        configure?.Invoke(builder);
        var app = builder.Build();
        // Before anything is measured.
        app.Services.GetRequiredService<MetricCollector>();
        app.Services.GetRequiredService<QueueGauges>();
        ApiRoutes.Map(app);
        return app;
    }

    /// <summary>A worker without the API, for more processes and machines on one queue; ready to be started.</summary>
    /// <param name="options">How it behaves; what only the API reads, such as host and port, has no effect.</param>
    /// <param name="store">Where jobs are kept; the caller closes it after the worker.</param>
    /// <param name="engine">What makes the videos. The worker ends it, on its own thread.</param>
    /// <param name="healthPort">Where <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> answer this machine alone, 0 for a free port; <see langword="null"/>: nowhere.</param>
    /// <param name="configure">More services, or log providers; by default nothing is logged.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static IHost CreateWorker(ServiceOptions options, IJobStore store, IVideoEngine engine, int? healthPort = null, Action<IHostApplicationBuilder>? configure = null)
    {
        options = options with { Host = IPAddress.Loopback.ToString(), Port = healthPort ?? 0, RequiresKeys = false, RunsWorker = true };
        options.Check();
        return healthPort is null ? CreateSilentWorker(options, store, engine, configure) : CreateAnsweringWorker(options, store, engine, configure);
    }

    private static IHost CreateSilentWorker(ServiceOptions options, IJobStore store, IVideoEngine engine, Action<IHostApplicationBuilder>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = typeof(VideoServer).Assembly.GetName().Name });
        AddCommon(builder.Services, options, store, engine);
        AddWorker(builder.Services, engine);
        configure?.Invoke(builder);
        return builder.Build();
    }

    private static WebApplication CreateAnsweringWorker(ServiceOptions options, IJobStore store, IVideoEngine engine, Action<IHostApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(VideoServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddRoutingCore();
        AddCommon(builder.Services, options, store, engine);
        AddWorker(builder.Services, engine);
        configure?.Invoke(builder);
        var app = builder.Build();
        // Before anything is measured.
        app.Services.GetRequiredService<MetricCollector>();
        app.Services.GetRequiredService<QueueGauges>();
        app.Services.GetRequiredService<HealthEndpoints>().Map(app);
        app.Services.GetRequiredService<MetricsEndpoint>().Map(app);
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

    private static void AddApi(IServiceCollection services)
    {
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Readable);
        });
        services.AddOpenApi("v1", ApiDocument.Configure);
        services.AddSingleton<KeyRing>().AddSingleton<RateLimits>().AddSingleton<Admission>();
        services.AddSingleton<VideoTokens>().AddSingleton<JobIntake>().AddSingleton<SyncWaiters>().AddSingleton<SyncEndpoints>().AddSingleton<TokenEndpoints>();
        services.AddSingleton<CreateEndpoints>().AddSingleton<ReadEndpoints>().AddSingleton<EndEndpoints>().AddSingleton<ContentEndpoints>().AddSingleton<EventEndpoints>();
    }

    private static void AddCommon(IServiceCollection services, ServiceOptions options, IJobStore store, IVideoEngine engine)
    {
        services.AddMetrics();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + ShutdownMargin);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options).AddSingleton(store).AddSingleton(engine.Model);
        services.AddSingleton(_ => new JobFiles(options.FilesFolder));
        services.AddSingleton<FileSweeper>().AddSingleton<WorkerState>().AddSingleton<EventReaders>().AddSingleton<QueuePace>().AddSingleton<HealthEndpoints>();
        services.AddSingleton<ServiceMetrics>().AddSingleton<QueueGauges>().AddSingleton<MetricCollector>().AddSingleton<MetricsEndpoint>();
        services.AddHostedService<Maintenance>();
    }

    private static void AddWorker(IServiceCollection services, IVideoEngine engine)
    {
        services.AddSingleton(engine).AddSingleton<EngineThread>().AddSingleton<Publisher>().AddSingleton<JobRunner>().AddSingleton<WorkerIdentity>();
        services.AddSingleton<EndProcess>(_ => StuckProcess.End);
        services.AddHostedService<VideoWorker>();
    }
}
