using TorchSharp;

namespace XVideo.Torch.Tests.Api;

/// <summary>Code written against src/Torch must compile against the TorchSharp packages: every public member has to be one of theirs.</summary>
public sealed class ApiSubsetTests
{
    private static IEnumerable<Type> OurTypes => typeof(torch).Assembly.GetExportedTypes().Where(type => type.Namespace!.StartsWith("TorchSharp", StringComparison.Ordinal));

    [Fact]
    public void PublicSurface_EveryTypeAndMember_IsOnTorchSharpsList()
    {
        var offenders = ApiCheck.Offenders(OurTypes, ApiList.TorchSharp);
        Assert.True(offenders.Count == 0,
            $"{offenders.Count} public members are not TorchSharp 0.107's. Give each the listed signature, make it internal, or move it to namespace XVideo.Torch with a twin:\n"
            + string.Join('\n', offenders));
    }

    [Fact]
    public void PublicSurface_OtherTypes_AreInNamespaceXVideoTorch()
    {
        var strays = typeof(torch).Assembly.GetExportedTypes().Except(OurTypes).Where(type => !type.Namespace!.StartsWith("XVideo.Torch", StringComparison.Ordinal));
        Assert.Empty(strays);
    }

    [Fact]
    public void List_MemberRemoved_IsReportedByName()
    {
        var tensor = ApiList.TorchSharp["TorchSharp::torch.Tensor"];
        var without = new Dictionary<string, ApiType>(ApiList.TorchSharp)
        {
            [tensor.Name] = tensor with { Members = tensor.Members.Where(member => !member.Contains(" matmul(", StringComparison.Ordinal)).ToHashSet() },
        };
        var offender = Assert.Single(ApiCheck.Offenders([typeof(torch.Tensor)], without));
        Assert.Contains("torch.Tensor matmul(torch.Tensor target)", offender);
    }

    [Theory]
    [InlineData("class", "  void Dispose()\n  torch.ScalarType Type { get; }", 5)] // the five conversions
    [InlineData("struct", "  void Dispose()", 7)] // besides: the kind, and Type
    public void List_OtherScalar_ReportsEachDifference(string kind, string members, int expected)
    {
        var list = ApiList.Parse($"{kind} TorchSharp::Scalar\n{members}".Split('\n'));
        Assert.Equal(expected, ApiCheck.Offenders([typeof(Scalar)], list).Count);
    }

    [Fact]
    public void List_TypeRemovedAndEnumValueChanged_AreReported()
    {
        var list = ApiList.Parse(["enum TorchSharp::torch.RoundingMode : Enum", "  None=0, trunc=2, floor=1"]);
        var offenders = ApiCheck.Offenders([typeof(torch.RoundingMode), typeof(torch.Device)], list);
        Assert.Equal(3, offenders.Count);
        Assert.Contains(offenders, offender => offender.Contains("torch.Device: TorchSharp has no such type"));
    }
}
