using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;
using XVideo.Service.Tests.Worker;

namespace XVideo.Service.Tests.OnPostgres;

[NeedsPostgres]
public sealed class PostgresDrainTests : DrainTests
{
    public PostgresDrainTests() => ApiStores.UsePostgres();
}
