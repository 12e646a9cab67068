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

    /// <summary>Size of the larger clips among them.</summary>
    public ClipSize LargeSize { get; init; } = DefaultModel.LargeSize;

    /// <summary>Size of the clips that the transformer begins with.</summary>
    public ClipSize SmallSize { get; init; } = DefaultModel.SmallSize;

    /// <summary>Size of the shorter ones.</summary>
    public ClipSize ShortSize { get; init; } = DefaultModel.ShortSize;

    /// <summary>Captions from which the tokenizer's vocabulary is made.</summary>
    public int VocabularySample { get; init; } = 200_000;

    /// <summary>Minutes for the autoencoder; 0 uses the one already in the folder.</summary>
    public double VaeMinutes { get; init; } = 6;

    /// <summary>Folder of an autoencoder to start from, where its layers have the right size; null starts from random values.</summary>
    public string? StartVae { get; init; }

    /// <summary>Minutes for text encoder and transformer.</summary>
    public double DiTMinutes { get; init; } = 20;

    /// <summary>Minutes for tuning the decoder of the autoencoder in the folder; 0 leaves that out.</summary>
    public double DecoderMinutes { get; init; }

    /// <summary>Minutes for the text encoder alone, before the transformer; 0 leaves that out.</summary>
    public double TextMinutes { get; init; } = 2;

    /// <summary>Go on from the transformer and text encoder in the folder, with a rate that falls from the start.</summary>
    public bool Finish { get; init; }

    /// <summary>With <see cref="Finish"/>: parameters of the text encoder whose names contain one of these begin anew when it is trained alone.</summary>
    public IReadOnlyList<string> Anew { get; init; } = [];

    /// <summary>Captions in a step of the text encoder.</summary>
    public int TextBatch { get; init; } = 128;

    /// <summary>Held-out captions on which its reading is measured.</summary>
    public int MeasureCaptions { get; init; } = 2048;

    /// <summary>Clips in a step of the autoencoder.</summary>
    public int VaeBatch { get; init; } = 8;

    /// <summary>Clips in a step of the transformer.</summary>
    public int DiTBatch { get; init; } = 48;

    /// <summary>Encoded clips kept on the device to draw batches from.</summary>
    public int PoolSize { get; init; } = 8192;

    /// <summary>Clips encoded before the transformer's first step.</summary>
    public int FirstClips { get; init; } = 1024;

    /// <summary>How often an encoded clip is used on average.</summary>
    public int Reuse { get; init; } = 64;

    /// <summary>Learning rate of the transformer's plateau.</summary>
    public double DiTRate { get; init; } = 3e-3;

    /// <summary>A step limit for tests; the time budget ends real runs.</summary>
    public int MaxSteps { get; init; } = int.MaxValue;

    /// <summary>Groups of four whole clips on which the autoencoder is measured.</summary>
    public int MeasureBatches { get; init; } = 16;

    /// <summary>Minutes between checkpoints, exports and sample sheets of the transformer.</summary>
    public double SaveEveryMinutes { get; init; } = 3;

    /// <summary>Whether to write checkpoints from which the run can go on.</summary>
    public bool KeepCheckpoints { get; init; } = true;

    /// <summary>Whether a CPU would take days. Captions are little work, so the text encoder alone is trained on a CPU as well.</summary>
    public bool NeedsGpu => VaeMinutes > 0 || DecoderMinutes > 0 || DiTMinutes > 0;

    /// <summary>The same in miniature: it tries the code, the model it makes shows nothing.</summary>
    public TrainingOptions Tiny() => this with
    {
        Size = new ClipSize(9, 48, 64), LargeSize = new ClipSize(9, 64, 80), SmallSize = new ClipSize(9, 32, 48), ShortSize = new ClipSize(5, 48, 64), VocabularySample = 2_000,
        MaxSteps = Math.Min(MaxSteps, 3), VaeBatch = 1, DiTBatch = 1, TextBatch = 8, MeasureCaptions = 32, PoolSize = 4, FirstClips = 2, MeasureBatches = 1,
    };
}
