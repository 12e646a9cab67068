using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.OnPostgres;

[NeedsPostgres]
public sealed class PostgresCreateTests : CreateTests
{
    public PostgresCreateTests() => ApiStores.UsePostgres();
}
