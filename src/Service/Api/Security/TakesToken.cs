namespace XVideo.Service.Api.Security;

/// <summary>Marks a route that a token in the address opens too.</summary>
internal sealed class TakesToken
{
    /// <summary>The parameter that carries it.</summary>
    public const string Parameter = "token";
}
