using System.Reflection;
using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.OnPostgres;

/// <summary>The tests of the API and of the worker run on SQLite and again on PostgreSQL, by a class that derives from theirs.</summary>
public sealed class OnPostgresTests
{
    private static IEnumerable<Type> TestClasses => typeof(ApiServer).Assembly.GetTypes().Where(type => Tests(type).Any());

    [Fact]
    public void TestClasses_OfApiAndWorker_AreRunOnPostgresToo()
    {
        var alone = TestClasses.Where(type => type.Namespace is "XVideo.Service.Tests.Api" or "XVideo.Service.Tests.Worker")
            .Where(type => !TestClasses.Any(derived => derived.BaseType == type)).Select(type => type.Name);
        Assert.Empty(alone);
    }

    [Fact]
    public void TestsOnPostgres_WhereThereIsNone_AreSkippedRatherThanFailed()
    {
        // A plain fact does not know the class that it runs in.
        var plain = from type in TestClasses
                    where type.Namespace == typeof(OnPostgresTests).Namespace && type != typeof(OnPostgresTests)
                    from test in Tests(type)
                    where test.GetCustomAttribute<FactAttribute>() is not (StoreFactAttribute or StoreTheoryAttribute)
                    select $"{test.DeclaringType!.Name}.{test.Name} must be a StoreFact or StoreTheory";
        Assert.Empty(plain);
    }

    private static IEnumerable<MethodInfo> Tests(Type type) => type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null);
}
