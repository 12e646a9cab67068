using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>The checks of one part of the project.</summary>
public abstract class CheckFamily
{
    /// <summary>Allowed error of a network's output in float32.</summary>
    protected const double NetworkTolerance = 2e-4;

    /// <summary>What is checked, in the words of the report.</summary>
    public abstract string Title { get; }

    /// <summary>Whether a folder holds what these checks need. Cheap: looks at names and headers only.</summary>
    public abstract bool Fits(string folder);

    /// <summary>Makes the checks.</summary>
    public abstract void Run(GoldenFolder folder, ParityOptions options, ParityReport report);

    /// <summary>The allowed error: the float32 one, or for bfloat16 a share of the reference's largest magnitude.</summary>
    /// <param name="options">Says which type.</param>
    /// <param name="float32">Allowed absolute error in float32.</param>
    /// <param name="bfloat16Share">
    /// Allowed error in bfloat16 relative to the reference. Its rounding unit is 0.4 %, and random networks amplify it: each family allows
    /// two to five times what was measured on the repository's goldens.
    /// </param>
    /// <param name="reference">The golden value.</param>
    protected static double Tolerance(ParityOptions options, double float32, double bfloat16Share, Tensor reference)
    {
        if (options.DType == ScalarType.Float32) return float32;
        using var scope = NewDisposeScope();
        return bfloat16Share * reference.abs().max().ToDouble();
    }
}
