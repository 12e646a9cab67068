using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>The latest predictions of the data (the clean sample) of a run, newest first; owns them.</summary>
internal sealed class DataHistory(int capacity)
{
    private readonly List<Tensor> _predictions = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Tensor> All => _predictions;

    public int Count => _predictions.Count;

    public Tensor this[int stepsBack] => _predictions[stepsBack];

    /// <summary>Adds the newest and lets the oldest go when there are more than the method needs.</summary>
    public void Push(Tensor prediction)
    {
        _predictions.Insert(0, prediction.DetachFromDisposeScope());
        if (_predictions.Count <= capacity) return;
        _predictions[capacity].Dispose();
        _predictions.RemoveAt(capacity);
    }

    /// <summary>Takes over the predictions of an earlier run, newest first.</summary>
    public void Fill(IEnumerable<Tensor> predictions)
    {
        foreach (var prediction in predictions.Reverse()) Push(prediction);
    }

    public void Clear()
    {
        foreach (var prediction in _predictions) prediction.Dispose();
        _predictions.Clear();
    }
}
