using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Parity;

/// <summary>What the command line asks for.</summary>
/// <param name="Folders">Golden folders, in the order given.</param>
/// <param name="Device">Where the networks run.</param>
/// <param name="DType">Type of the weights.</param>
/// <param name="Json">One JSON document instead of lines.</param>
public sealed record ParityOptions(IReadOnlyList<string> Folders, Device Device, ScalarType DType, bool Json)
{
    /// <summary>How to call the command.</summary>
    public const string Usage =
        """
        Usage: XVideo.Parity FOLDER [FOLDER...] [--device cpu|cuda] [--dtype f32|bf16] [--json]
        FOLDER holds golden folders at any depth, or is one: a Wan model with golden.safetensors, wan_pipeline, schedulers, a tokenizer with cases.json.
        Exit code: 0 all passed, 1 some failed, 2 the command line or a folder cannot be used.
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ParityUsageException">An option is unknown, incomplete or not possible here, or no folder is named.</exception>
    public static ParityOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ParityOptions([], CPU, ScalarType.Float32, false);
        var folders = new List<string>();
        for (var at = 0; at < args.Count; at++)
        {
            switch (args[at])
            {
                case "--json": options = options with { Json = true }; break;
                case "--device": options = options with { Device = DeviceOf(Value()) }; break;
                case "--dtype": options = options with { DType = TypeOf(Value()) }; break;
                case var option when option.StartsWith('-'): throw new ParityUsageException($"Option {option} is not known.\n{Usage}");
                case var folder: folders.Add(folder); break;
            }

            string Value() => ++at < args.Count ? args[at] : throw new ParityUsageException($"{args[at - 1]} needs a value.\n{Usage}");
        }
        return folders.Count > 0 ? options with { Folders = folders } : throw new ParityUsageException($"No folder is named.\n{Usage}");
    }

    private static Device DeviceOf(string name) => name switch
    {
        "cpu" => CPU,
        "cuda" when cuda.is_available() => CUDA,
        "cuda" => throw new ParityUsageException("--device cuda is not possible: libtorch finds no GPU. Use --device cpu, or set XVIDEO_LIBTORCH to a libtorch with CUDA."),
        _ => throw new ParityUsageException($"--device {name} is not known: allowed are cpu and cuda."),
    };

    private static ScalarType TypeOf(string name) => name switch
    {
        "f32" => ScalarType.Float32,
        "bf16" => ScalarType.BFloat16,
        _ => throw new ParityUsageException($"--dtype {name} is not known: allowed are f32 and bf16."),
    };
}
