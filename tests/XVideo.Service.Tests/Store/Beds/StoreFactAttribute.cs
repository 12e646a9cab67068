using Xunit.Sdk;

namespace XVideo.Service.Tests.Store;

/// <summary>A test that is written once and run on every database: in a base class, so that only the class that runs it knows which one it needs.</summary>
[XunitTestCaseDiscoverer("XVideo.Service.Tests.Store.StoreFactDiscoverer", "XVideo.Service.Tests")]
public sealed class StoreFactAttribute : FactAttribute;
