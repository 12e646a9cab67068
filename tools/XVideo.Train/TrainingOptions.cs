using XVideo.Train.Models;

namespace XVideo.Train;

/// <summary>What a run is asked for.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Gets the model folder, the checkpoints, logs and pictures.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Seed of data, initial values and noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Size of the clips.</summary>
    public ClipSize Size { get; init; } = DefaultModel.Size;

    /// <summary>Captions from which the tokenizer's vocabulary is made.</summary>
    public int VocabularySample { get; init; } = 200_000;

    /// <summary>Minutes for the autoencoder; 0 uses the one already in the folder.</summary>
    public double VaeMinutes { get; init; } = 6;

    /// <summary>Minutes for text encoder and transformer.</summary>
    public double DiTMinutes { get; init; } = 20;

    /// <summary>Minutes for tuning the decoder of the autoencoder in the folder; 0 leaves that out.</summary>
    public double DecoderMinutes { get; init; }

    /// <summary>Go on from the transformer and text encoder in the folder, with a rate that falls from the start.</summary>
    public bool Finish { get; init; }

    /// <summary>Clips in a step of the autoencoder.</summary>
    public int VaeBatch { get; init; } = 8;

    /// <summary>Clips in a step of the transformer.</summary>
    public int DiTBatch { get; init; } = 48;

    /// <summary>Encoded clips kept on the device to draw batches from.</summary>
    public int PoolSize { get; init; } = 4096;

    /// <summary>A step limit for tests; the time budget ends real runs.</summary>
    public int MaxSteps { get; init; } = int.MaxValue;

    /// <summary>Groups of four whole clips on which the autoencoder is measured.</summary>
    public int MeasureBatches { get; init; } = 16;

    /// <summary>Minutes between checkpoints, exports and sample sheets of the transformer.</summary>
    public double SaveEveryMinutes { get; init; } = 3;

    /// <summary>Whether to write checkpoints from which the run can go on.</summary>
    public bool KeepCheckpoints { get; init; } = true;
}
