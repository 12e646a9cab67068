return XVideo.Parity.ParityProgram.Run(args, Console.Out, Console.Error);
