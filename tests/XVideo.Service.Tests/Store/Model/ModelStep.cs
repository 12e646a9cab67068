namespace XVideo.Service.Tests.Store;

/// <summary>What a step of a random history does.</summary>
internal enum ModelAction
{
    /// <summary>An owner sends a job.</summary>
    Create,

    /// <summary>A worker takes one.</summary>
    Claim,

    /// <summary>A worker says that it lives.</summary>
    Heartbeat,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>Leases that are over end.</summary>
    Reap,

    /// <summary>A worker is done.</summary>
    Publish,

    /// <summary>A worker failed, perhaps not for good.</summary>
    FailTransient,

    /// <summary>A worker failed for good.</summary>
    FailPermanent,

    /// <summary>A worker stops.</summary>
    Release,

    /// <summary>What is kept long enough goes.</summary>
    Tidy,

    /// <summary>A worker heeds a cancel.</summary>
    FinishCanceled,

    /// <summary>An owner cancels.</summary>
    Cancel,

    /// <summary>An owner deletes.</summary>
    Delete,
}

/// <summary>One step of a random history.</summary>
/// <param name="Action">What.</param>
/// <param name="Worker">Which worker, 0…2.</param>
/// <param name="Dice">Which job, which of the worker's leases, how long.</param>
internal sealed record ModelStep(ModelAction Action, int Worker, int Dice)
{
    public override string ToString() => $"{Action}(w{Worker}, {Dice})";
}
