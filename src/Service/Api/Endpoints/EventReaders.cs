using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Counts open event streams: each costs a query every third of a second.</summary>
internal sealed class EventReaders
{
    private const int Most = 200;
    private const int MostPerKey = 4;
    private readonly Dictionary<string, int> _open = [];

    /// <summary>Takes a place, until it is disposed.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public IDisposable Enter(Caller caller)
    {
        lock (_open)
        {
            var own = _open.GetValueOrDefault(caller.Id);
            if (_open.Values.Sum() >= Most || (own >= MostPerKey && !caller.IsLocal)) throw new ApiException(ApiErrors.TooManyStreams(MostPerKey));
            _open[caller.Id] = own + 1;
        }
        return new Place(this, caller.Id);
    }

    private void Leave(string id)
    {
        lock (_open)
            if (--_open[id] == 0) _open.Remove(id);
    }

    private sealed class Place(EventReaders readers, string id) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0) readers.Leave(id);
        }
    }
}
