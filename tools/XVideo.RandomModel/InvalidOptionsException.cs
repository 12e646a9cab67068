namespace XVideo.RandomModel;

/// <summary>The command line asks for something that cannot be made; holds every problem.</summary>
internal sealed class InvalidOptionsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems));
