using System.CommandLine;
using XVideo.Pipeline.Requests;
using XVideo.Train;
using XVideo.Train.Evaluation;

var command = new RootCommand("Makes the default model of XVideo.") { TrainCommand.Create(), EvaluateCommand.Create(), ManifestCommand.Create() };
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error)
{
    var failure = Failure.From(error);
    Console.Error.WriteLine(failure.Kind == FailureKind.Unexpected ? error.ToString() : $"XVideo.Train: {failure.Message}");
    return (int)failure.Kind;
}
