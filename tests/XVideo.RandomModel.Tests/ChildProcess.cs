using XVideo.Bench;

namespace XVideo.RandomModel.Tests;

/// <summary>This test program run as a program: <c>xvideo bench</c> alone, for what must be measured in a process of its own.</summary>
internal static class ChildProcess
{
    public static int Main(string[] arguments) => BenchCommand.Create().Parse(arguments).Invoke();
}
