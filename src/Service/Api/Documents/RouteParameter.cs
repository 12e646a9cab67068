using Microsoft.OpenApi;

namespace XVideo.Service.Api.Documents;

/// <summary>A value in the query or in a header that a route reads itself, for the OpenAPI document: the framework sees only what it binds.</summary>
/// <param name="In">Where it stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Type">What it is.</param>
/// <param name="Allowed">All it may be, the default first; <see langword="null"/>: much.</param>
internal sealed record RouteParameter(ParameterLocation In, string Name, string Description, JsonSchemaType Type, IReadOnlyList<string>? Allowed);
