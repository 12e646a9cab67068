namespace XVideo.Cli.Commands;

/// <summary>One prompt of the command line or of a file.</summary>
/// <param name="Line">Its line in the file; 0 for the command line.</param>
/// <param name="Text">What the video shows.</param>
/// <param name="Seed">The seed that the line asks for, or <see langword="null"/>.</param>
internal sealed record PromptLine(int Line, string Text, long? Seed = null);
