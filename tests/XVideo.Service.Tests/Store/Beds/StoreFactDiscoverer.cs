using Xunit.Abstractions;
using Xunit.Sdk;

namespace XVideo.Service.Tests.Store;

/// <summary>Makes the test cases of <see cref="StoreFactAttribute"/>.</summary>
public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        new StoreTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method);
}
