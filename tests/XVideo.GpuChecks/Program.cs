return XVideo.GpuChecks.GpuCheckProgram.Run(args, Console.Out, Console.Error);
