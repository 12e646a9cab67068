namespace XVideo.Evaluation.Measures;

/// <summary>Measures one clip.</summary>
internal interface IMeter : IDisposable
{
    /// <summary>Takes the next frames, in order.</summary>
    void Add(FrameBatch batch);

    /// <summary>What came out of all frames; every value is a finite number.</summary>
    IReadOnlyList<MeasuredValue> Values();
}
