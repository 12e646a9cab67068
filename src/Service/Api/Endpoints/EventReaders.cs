using XVideo.Service.Api.Errors;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Open event streams.</summary>
internal sealed class EventReaders() : OpenCalls(200, MostPerKey, ApiErrors.TooManyStreams(MostPerKey))
{
    private const int MostPerKey = 4;
}
