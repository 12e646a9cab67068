using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.OnPostgres;

[NeedsPostgres]
public sealed class PostgresAdmissionTests : AdmissionTests
{
    public PostgresAdmissionTests() => ApiStores.UsePostgres();
}
