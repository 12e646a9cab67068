using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>What the command line asks for.</summary>
public sealed record CheckOptions
{
    /// <summary>How to call the command.</summary>
    public const string Usage =
        """
        Usage: XVideo.GpuChecks [--filter TEXT] [--device cuda:N] [--seed N] [--quick] [--model FOLDER] [--goldens FOLDER] [--sanitizer]
        --filter     only the families whose name contains TEXT; --list names them
        --quick      fewer shapes and steps
        --model      a Wan model whose masks are compared, default weights/default of the repository around this folder or this program
        --goldens    the folder of golden.safetensors of xattention, default tests/Goldens/xattention, likewise
        --sanitizer  every kernel once per configuration at small sizes and nothing else, for compute-sanitizer
        Exit code: 0 all passed, 1 some failed, 2 the command line cannot be used, 3 there is no GPU to check.
        """;

    /// <summary>Part of the names of the families that shall run; <see langword="null"/>: all.</summary>
    public string? Filter { get; init; }

    /// <summary>The GPU. Default the first.</summary>
    public Device Device { get; init; } = CUDA;

    /// <summary>Of all random numbers. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Fewer shapes and steps.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Small sizes only, no timings.</summary>
    public bool IsSanitizer { get; init; }

    /// <summary>Only print the names of the families.</summary>
    public bool IsList { get; init; }

    /// <summary>This process only compiles a few kernels through the folder of XVIDEO_CACHE: the program starts itself so.</summary>
    public bool IsCompiling { get; init; }

    /// <summary>A model folder, or <see langword="null"/> where none was found.</summary>
    public string? Model { get; init; } = Find("weights/default");

    /// <summary>Folder of the goldens of xattention, or <see langword="null"/> where none was found.</summary>
    public string? Goldens { get; init; } = Find("tests/Goldens/xattention");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="CheckUsageException">An option is unknown, incomplete or out of its range.</exception>
    public static CheckOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CheckOptions();
        for (var at = 0; at < args.Count; at++)
        {
            options = args[at] switch
            {
                "--filter" => options with { Filter = Value() },
                "--device" => options with { Device = DeviceOf(Value()) },
                "--seed" => options with { Seed = SeedOf(Value()) },
                "--quick" => options with { IsQuick = true },
                "--model" => options with { Model = FolderOf(Value()) },
                "--goldens" => options with { Goldens = FolderOf(Value()) },
                "--sanitizer" => options with { IsSanitizer = true },
                "--list" => options with { IsList = true },
                "--compile" => options with { IsCompiling = true },
                var other => throw new CheckUsageException($"Option {other} is not known.\n{Usage}"),
            };

            string Value() => ++at < args.Count ? args[at] : throw new CheckUsageException($"{args[at - 1]} needs a value.\n{Usage}");
        }
        return options;
    }

    private static Device DeviceOf(string name)
    {
        try
        {
            if (new Device(name) is { type: DeviceType.CUDA } device) return device;
        }
        catch (ArgumentException)
        {
            // Answered below, like the CPU.
        }
        throw new CheckUsageException($"--device {name} is not usable: allowed are cuda and cuda:N, for example cuda:0.");
    }

    private static int SeedOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : throw new CheckUsageException($"--seed {text} is not usable: it must be a whole number from 0 to {int.MaxValue}.");

    private static string FolderOf(string path) => Directory.Exists(path) ? path : throw new CheckUsageException($"Folder {Path.GetFullPath(path)} does not exist.");

    // Upwards from where the user stands, then from where the program lies.
    private static string? Find(string folder)
    {
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
            for (var parent = new DirectoryInfo(start); parent is not null; parent = parent.Parent)
                if (Path.Combine(parent.FullName, folder) is var path && Directory.Exists(path)) return path;
        return null;
    }
}
