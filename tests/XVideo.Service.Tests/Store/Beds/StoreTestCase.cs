using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace XVideo.Service.Tests.Store;

/// <summary>A test that says why it is skipped where its class needs a PostgreSQL that is not here.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    /// <summary>For xunit, when it takes the case to another process.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the deserializer.")]
    public StoreTestCase()
    {
    }

    /// <summary>For the discoverers.</summary>
    public StoreTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, object[]? arguments = null)
        : base(messages, display, options, method, arguments)
    {
    }

    /// <inheritdoc/>
    protected override string? GetSkipReason(IAttributeInfo fact) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresServer.MissingReason : base.GetSkipReason(fact);
}
