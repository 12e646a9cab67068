namespace XVideo.Service.Tests.Store;

/// <summary>The <see cref="StoreFactAttribute"/> tests of this class are skipped where no PostgreSQL can be had.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;
