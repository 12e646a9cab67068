using XVideo.Cli.Commands;

return CommandLine.Run(args);
