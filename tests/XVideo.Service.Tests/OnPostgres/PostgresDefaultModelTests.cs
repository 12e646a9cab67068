using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.OnPostgres;

[NeedsPostgres]
public sealed class PostgresDefaultModelTests : DefaultModelTests
{
    public PostgresDefaultModelTests() => ApiStores.UsePostgres();
}
