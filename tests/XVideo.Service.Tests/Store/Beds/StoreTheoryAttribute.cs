using Xunit.Sdk;

namespace XVideo.Service.Tests.Store;

/// <summary><see cref="StoreFactAttribute"/> with data.</summary>
[XunitTestCaseDiscoverer("XVideo.Service.Tests.Store.StoreTheoryDiscoverer", "XVideo.Service.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;
