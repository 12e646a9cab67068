using FsCheck;
using FsCheck.Fluent;

namespace XVideo.Service.Tests.Store;

/// <summary>Random histories of owners and three workers, played to a store and to a model of it: after every step both must be in the same state.</summary>
public abstract class JobStoreModelTests
{
    private const int Histories = 25;

    // Often enough what makes jobs and runs them, or the rest would have nothing to do.
    private static Gen<ModelAction> Actions => Gen.Frequency(
        (4, Gen.Constant(ModelAction.Create)), (6, Gen.Constant(ModelAction.Claim)), (3, Gen.Constant(ModelAction.Heartbeat)), (4, Gen.Constant(ModelAction.Wait)), (3, Gen.Constant(ModelAction.Reap)),
        (2, Gen.Constant(ModelAction.Publish)), (2, Gen.Constant(ModelAction.FailTransient)), (1, Gen.Constant(ModelAction.FailPermanent)), (1, Gen.Constant(ModelAction.Release)),
        (2, Gen.Constant(ModelAction.Tidy)), (2, Gen.Constant(ModelAction.FinishCanceled)), (2, Gen.Constant(ModelAction.Cancel)), (1, Gen.Constant(ModelAction.Delete)));

    private static Gen<ModelStep[]> Steps =>
        (from action in Actions
         from worker in Gen.Choose(0, 2)
         from dice in Gen.Choose(0, 1000)
         select new ModelStep(action, worker, dice)).ArrayOf(60);

    [StoreFact]
    public void AnyHistory_OfThreeWorkers_IsTheModels() =>
        Prop.ForAll(Arb.From(Steps, Shorter), steps => Task.Run(() => PlayAsync(steps)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));

    private protected abstract Task<StoreBed> MakeBedAsync();

    private async Task PlayAsync(ModelStep[] steps)
    {
        await using var bed = await MakeBedAsync();
        await new ModelRun(bed, await bed.OpenAsync()).PlayAsync(steps);
    }

    // Without one half, one quarter … one step: what is left of a failing history is what it fails by.
    private static IEnumerable<ModelStep[]> Shorter(ModelStep[] steps)
    {
        for (var length = steps.Length / 2; length > 0; length /= 2)
            for (var from = 0; from + length <= steps.Length; from += length)
                yield return [.. steps[..from], .. steps[(from + length)..]];
    }
}
