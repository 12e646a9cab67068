namespace XVideo.SparseAttention.Cpu;

/// <summary>The float32 instructions of one vector width, as the tile kernel needs them.</summary>
/// <typeparam name="TVector">A register of <see cref="Lanes"/> floats.</typeparam>
internal unsafe interface IVectorUnit<TVector> where TVector : unmanaged
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    static abstract int Lanes { get; }

    /// <summary>Whether 16 accumulators fit in registers beside their operands; otherwise 8 are used.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(float* target, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left · right + addend, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The larger of the two; NaN where <paramref name="right"/> is NaN.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>
    /// 2ˣ for x ≤ 0, with a relative error of at most 3e-7 while the result is a normal number. −∞ gives 0, NaN gives NaN.
    /// Results below 2⁻¹²⁵ may be flushed to 0.
    /// </summary>
    static abstract TVector Exp2(TVector exponent);
}
