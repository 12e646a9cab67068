using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>
/// Turns noise into data in a fixed number of steps along the flow x(σ) = (1 − σ)·data + σ·noise, given the network's velocity noise − data.
/// </summary>
/// <remarks>
/// Timesteps, sigmas and all coefficients are host numbers; a step is one linear combination of tensors and never waits for the device.
/// Multistep methods remember earlier predictions, so one object serves one sample at a time, on one thread.
/// </remarks>
public interface IScheduler : IDisposable
{
    /// <summary>What the network is told at each step, falling, 0 to the number of training timesteps. One entry per step.</summary>
    IReadOnlyList<double> Timesteps { get; }

    /// <summary>The share of noise before each step, falling from (nearly) 1, and after the last, which is 0: one entry more than steps.</summary>
    IReadOnlyList<double> Sigmas { get; }

    /// <summary>Goes from <c>Sigmas[stepIndex]</c> to <c>Sigmas[stepIndex + 1]</c>.</summary>
    /// <param name="velocityPrediction">The network's output for <paramref name="sample"/> at <c>Timesteps[stepIndex]</c>; same shape and device.</param>
    /// <param name="stepIndex">0 at first, then one more at each call: multistep methods need every step in its turn.</param>
    /// <param name="sample">The sample before the step: noise at first, later the previous result. Must not be changed in place.</param>
    /// <returns>The sample after the step: float64 if <paramref name="sample"/> is, else float32. The caller owns it.</returns>
    /// <exception cref="ArgumentException">The step is out of turn, or shapes differ.</exception>
    Tensor Step(Tensor velocityPrediction, int stepIndex, Tensor sample);

    /// <summary>What the scheduler remembers of earlier steps, in an order of its own, all of the sample's shape: with the sample, enough for another one to go on. They stay the scheduler's.</summary>
    IReadOnlyList<Tensor> Memory { get; }

    /// <summary>Goes on in the middle of a sample that another scheduler of the same settings began.</summary>
    /// <param name="stepIndex">The next step.</param>
    /// <param name="memory">Its <see cref="Memory"/> before that step; copied.</param>
    /// <exception cref="ArgumentException">There are not so many steps, or so many tensors are never remembered before that step.</exception>
    void Resume(int stepIndex, IReadOnlyList<Tensor> memory);

    /// <summary>Forgets all earlier steps: the next step is step 0 again.</summary>
    void Reset();
}
