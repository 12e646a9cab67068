using Microsoft.AspNetCore.Http;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Security;

/// <summary>Who makes a request.</summary>
/// <param name="Key">With scopes and limits.</param>
internal sealed record Caller(ApiKey Key)
{
    /// <summary>Whose jobs they are.</summary>
    public string Id => Key.KeyId;

    /// <summary>Whoever sits at this machine, where no keys are used: not limited.</summary>
    public bool IsLocal => Key.KeyId == ApiKey.LocalId;

    /// <summary>Whether everybody's videos are open to it.</summary>
    public bool IsAdmin => Key.Scopes.Contains(Scopes.Admin);

    /// <summary>Whose videos it may name: its own, or, <see langword="null"/>, everybody's.</summary>
    public string? Reach => IsAdmin ? null : Id;

    /// <summary>Whoever makes the current request.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has no caller: KeyMiddleware did not run.");
}
