namespace XVideo.Scenes;

/// <summary>The data set: an endless list of scenes, each a pure function of (seed, index, split).</summary>
public static class SceneGrammar
{
    /// <summary>One combination of attributes in this many is never trained on, in rich families and in the others.</summary>
    private const ulong RichShare = 16, PoorShare = 6;
    /// <summary>Chosen so that every family has combinations on both sides; a change makes another data set.</summary>
    private const int Salt = 187;

    private const int MostAttempts = 20_000;

    public static Scene Sample(ulong seed, long index, Split split)
    {
        var family = new Dice(seed, (ulong)index, 1).Pick(SceneFamily.All);
        return Sample(family, seed, index, split);
    }

    public static Scene Sample(SceneFamily family, ulong seed, long index, Split split)
    {
        var stream = Dice.Hash(family.Name);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var dice = new Dice(seed, (ulong)index, stream + (ulong)attempt);
            var attributes = family.Choose(dice);
            if (IsHeldOut(family, attributes) == (split == Split.HeldOut))
            {
                return Build(family, attributes, dice, split);
            }
        }

        throw new InvalidOperationException($"Family '{family.Name}' has no {split} combination in {MostAttempts} draws; give it more attributes.");
    }

    /// <summary>The rule of the split: a hash of family and attribute combination, so no sample can end up on the wrong side.</summary>
    public static bool IsHeldOut(SceneFamily family, SceneAttributes attributes) =>
        Dice.Hash($"{Salt}|{family.Name}|{(family.IsRich ? attributes.Combination : attributes.WholeCombination)}") % (family.IsRich ? RichShare : PoorShare) == 0;

    /// <summary>Another caption of the same scene: other words, another order, other attributes left out.</summary>
    /// <param name="scene">Of any split.</param>
    /// <param name="number">From 1; the same number gives the same caption.</param>
    public static string Reword(Scene scene, int number)
    {
        var dice = new Dice(Dice.Hash(scene.Caption), (ulong)number, 2);
        return CaptionBuilder.Build(dice, dice.Pick(scene.Family.Patterns), Slots(scene.Family, scene.Attributes), complete: false).Caption;
    }

    private static Dictionary<string, string> Slots(SceneFamily family, SceneAttributes attributes)
    {
        var slots = Words.Slots(attributes);
        foreach (var (name, words) in family.Slots(attributes))
        {
            slots[name] = words;
        }

        return slots;
    }

    private static Scene Build(SceneFamily family, SceneAttributes attributes, Dice dice, Split split)
    {
        var (caption, mentioned) = CaptionBuilder.Build(dice, dice.Pick(family.Patterns), Slots(family, attributes), complete: split == Split.HeldOut);
        var stage = new Stage();
        family.Compose(attributes, dice, stage);
        return new(family, attributes, caption, mentioned, stage.Sky, stage.Layers, stage.Objects);
    }
}
