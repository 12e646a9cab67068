using XVideo.RandomModel;

return RandomModelCommand.Run(args, Console.Out, Console.Error);
