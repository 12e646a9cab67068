namespace XVideo.Cuda.Tests.FakeDriver;

[CollectionDefinition(Name)]
public sealed class FakeDriverCollection : ICollectionFixture<FakeDriverLibrary>
{
    public const string Name = "fake driver";
}
