using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>What all schedulers share: the ladder of noise levels, and the rule that steps come in order.</summary>
public abstract class FlowScheduler : IScheduler
{
    private int _nextStep;

    /// <summary>Takes over a ladder.</summary>
    private protected FlowScheduler(NoiseLadder ladder) => (Timesteps, Sigmas) = (ladder.Timesteps, ladder.Sigmas);

    /// <inheritdoc/>
    public IReadOnlyList<double> Timesteps { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Sigmas { get; }

    /// <inheritdoc/>
    public Tensor Step(Tensor velocityPrediction, int stepIndex, Tensor sample)
    {
        if (stepIndex != _nextStep || stepIndex >= Timesteps.Count)
        {
            var next = _nextStep < Timesteps.Count ? $"the next is step {_nextStep} of {Timesteps.Count}" : $"all {Timesteps.Count} steps are done";
            throw new ArgumentException($"Step {stepIndex} is out of turn: {next}. Call Reset() to start a new sample.", nameof(stepIndex));
        }
        if (!velocityPrediction.shape.SequenceEqual(sample.shape))
            throw new ArgumentException($"The velocity is {velocityPrediction}, the sample {sample}: both need the same shape.", nameof(velocityPrediction));

        using var scope = NewDisposeScope();
        var dtype = sample.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var result = Advance(velocityPrediction.to(dtype), stepIndex, sample.to(dtype));
        _nextStep++;
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual IReadOnlyList<Tensor> Memory => [];

    /// <inheritdoc/>
    public void Resume(int stepIndex, IReadOnlyList<Tensor> memory)
    {
        if (stepIndex < 0 || stepIndex > Timesteps.Count)
            throw new ArgumentException($"There is no step {stepIndex} to go on from: a run has {Timesteps.Count}.", nameof(stepIndex));
        if (memory.Count != MemoryCount(stepIndex))
            throw new ArgumentException($"Before step {stepIndex} this scheduler remembers {MemoryCount(stepIndex)} tensors, got {memory.Count}: they are of another scheduler or step.", nameof(memory));
        Reset();
        Remember(stepIndex, [.. memory.Select(tensor => tensor.clone())]);
        _nextStep = stepIndex;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _nextStep = 0;
        Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        GC.SuppressFinalize(this);
    }

    /// <summary>Computes one step. Tensors made here die with the caller's scope unless they are detached.</summary>
    private protected abstract Tensor Advance(Tensor velocity, int stepIndex, Tensor sample);

    /// <summary>Tensors that are remembered before a step.</summary>
    private protected virtual int MemoryCount(int stepIndex) => 0;

    /// <summary>Takes over what was remembered before a step.</summary>
    private protected virtual void Remember(int stepIndex, IReadOnlyList<Tensor> memory)
    {
    }

    /// <summary>Drops what was remembered of earlier steps.</summary>
    private protected virtual void Forget()
    {
    }

    /// <summary>log((1 − σ) / σ): half the log signal-to-noise ratio, in which the multistep methods count their steps. +∞ at σ = 0.</summary>
    private protected double LogSnr(int index) => Math.Log(1 - Sigmas[index]) - Math.Log(Sigmas[index]);
}
