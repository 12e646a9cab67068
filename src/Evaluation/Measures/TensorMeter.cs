namespace XVideo.Evaluation.Measures;

/// <summary>A meter that one of the metrics library's classes does the work of.</summary>
/// <param name="add">Takes the next frames.</param>
/// <param name="values">What came out.</param>
/// <param name="dispose">Frees what was kept of the clip.</param>
internal sealed class TensorMeter(Action<FrameBatch> add, Func<IReadOnlyList<MeasuredValue>> values, Action? dispose = null) : IMeter
{
    public void Add(FrameBatch batch) => add(batch);

    public IReadOnlyList<MeasuredValue> Values() => values();

    public void Dispose() => dispose?.Invoke();
}
