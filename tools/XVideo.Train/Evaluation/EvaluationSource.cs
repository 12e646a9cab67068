namespace XVideo.Train.Evaluation;

/// <summary>Where the judged clips come from.</summary>
internal enum EvaluationSource
{
    /// <summary>The model makes them from the captions, as <c>xvideo generate</c> does.</summary>
    Model,

    /// <summary>The renders themselves: what the judge can reach at best.</summary>
    Truth,

    /// <summary>The renders, encoded and decoded by the model's autoencoder.</summary>
    Autoencoder,
}
