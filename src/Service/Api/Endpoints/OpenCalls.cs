using XVideo.Service.Api.Errors;
using XVideo.Service.Api.Security;

namespace XVideo.Service.Api.Endpoints;

/// <summary>Counts calls that stay open for long: each costs a query every third of a second.</summary>
/// <param name="most">Of them in all.</param>
/// <param name="mostPerKey">Of one API key; whoever sits at this machine without one is not limited.</param>
/// <param name="refusal">Of one too many.</param>
internal abstract class OpenCalls(int most, int mostPerKey, ApiError refusal)
{
    private readonly Dictionary<string, int> _open = [];

    /// <summary>Calls that are open now.</summary>
    public int Count
    {
        get
        {
            lock (_open) return _open.Values.Sum();
        }
    }

    /// <summary>Takes a place, until it is disposed.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public IDisposable Enter(Caller caller)
    {
        lock (_open)
        {
            var own = _open.GetValueOrDefault(caller.Id);
            if (_open.Values.Sum() >= most || (own >= mostPerKey && !caller.IsLocal)) throw new ApiException(refusal);
            _open[caller.Id] = own + 1;
        }
        return new Place(this, caller.Id);
    }

    private void Leave(string id)
    {
        lock (_open)
            if (--_open[id] == 0) _open.Remove(id);
    }

    private sealed class Place(OpenCalls calls, string id) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0) calls.Leave(id);
        }
    }
}
