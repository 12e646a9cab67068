using System.Text;
using XVideo.Scenes;

namespace XVideo.Judge.Tests;

/// <summary>How well the judge judges: on ground truth, after losses, and on wrong videos. All on held-out scenes.</summary>
internal sealed class Validation
{
    private const ulong Seed = 2026;
    private const int ClipsAtOnce = 6;

    /// <summary>Motions that look the same when played backwards, and those that look the same in a mirror.</summary>
    private static readonly string[] SameReversed = ["bounce", "pulse", "float", "changecolor"];
    private static readonly string[] SidedMotions = ["left", "right", "upleft", "upright", "downleft", "downright", "clockwise", "counterclockwise"];

    /// <summary>Right readings: of ground truth ("truth"), or after a loss; by aspect.</summary>
    public Dictionary<(string Loss, Aspect Aspect), Score> Accuracy { get; } = [];

    public Dictionary<(string Family, Aspect Aspect), Score> ByFamily { get; } = [];

    /// <summary>Rejected aspects of wrong videos, where the change makes that aspect wrong.</summary>
    public Dictionary<(string Wrong, Aspect Aspect), Score> Rejection { get; } = [];

    /// <summary>Clips of other families against every caption: rejected when any verdict is wrong.</summary>
    public Score ForeignClips { get; } = new();

    /// <summary>What was judged wrong on ground truth, to look at.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Losses, wrongs and foreign families take turns, so that each clip is judged eight times.</summary>
    /// <param name="scenes">Per family.</param>
    public static Validation Run(int scenes)
    {
        var validation = new Validation();
        foreach (var family in SceneFamily.All)
        {
            var readings = new List<(Scene Scene, Reading Reading)>();
            for (var first = 0; first < scenes; first += ClipsAtOnce)
            {
                var some = Enumerable.Range(first, Math.Min(ClipsAtOnce, scenes - first)).Select(i => SceneGrammar.Sample(family, Seed, i, Split.HeldOut)).ToArray();
                foreach (var (i, clip) in Clips.Of(some).Index())
                {
                    readings.Add((some[i], PixelJudge.Look(clip, family)));
                    validation.Damaged(some[i], clip, first + i);
                    validation.Foreign(some[i], clip, first + i);
                }
            }

            validation.Undamaged(readings);
        }

        return validation;
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Table(text, "Right, %", Accuracy.OrderByDescending(pair => pair.Key.Loss == "truth").ToDictionary(pair => (pair.Key.Loss, pair.Key.Aspect.ToString()), pair => pair.Value));
        Table(text, "Right on ground truth, %", ByFamily.ToDictionary(pair => (pair.Key.Family, pair.Key.Aspect.ToString()), pair => pair.Value));
        Table(text, "Rejected, %", Rejection.ToDictionary(pair => (pair.Key.Wrong, pair.Key.Aspect.ToString()), pair => pair.Value));
        text.AppendLine($"Clips of another family rejected: {ForeignClips} %").AppendLine();
        foreach (var error in Errors)
        {
            text.AppendLine($"- {error}");
        }

        return text.ToString();
    }

    private void Undamaged(List<(Scene Scene, Reading Reading)> readings)
    {
        foreach (var (scene, reading) in readings)
        {
            foreach (var verdict in PixelJudge.Compare(reading, Expectation.Of(scene)))
            {
                Of(Accuracy, ("truth", verdict.Aspect)).Add(verdict.IsRight);
                Of(ByFamily, (scene.Family.Name, verdict.Aspect)).Add(verdict.IsRight);
                if (!verdict.IsRight)
                {
                    Errors.Add($"\"{scene.Caption}\": {verdict.Aspect} is {verdict.Expected}, read {verdict.Seen ?? "nothing"}");
                }
            }
        }

        // The video of one scene against the caption of another: every aspect in which the two differ must be rejected.
        // A pair of shapes that is the same pair the other way round is right by colour and shape.
        foreach (var (asked, _) in readings)
        {
            foreach (var (shown, reading) in readings)
            {
                var truth = Everything(shown).Asked;
                foreach (var verdict in PixelJudge.Compare(reading, Everything(asked))
                    .Where(verdict => truth[verdict.Aspect] != verdict.Expected && (shown.Family is not TwoShapes || truth[Other(verdict.Aspect)] != verdict.Expected)))
                {
                    Of(Rejection, ("other value", verdict.Aspect)).Add(!verdict.IsRight);
                }
            }
        }
    }

    private static Aspect Other(Aspect aspect) => aspect switch
    {
        Aspect.Color => Aspect.SecondColor,
        Aspect.SecondColor => Aspect.Color,
        Aspect.Shape => Aspect.SecondShape,
        Aspect.SecondShape => Aspect.Shape,
        _ => aspect,
    };

    private void Damaged(Scene scene, Clip clip, int number)
    {
        number += NumberOf(scene.Family);
        foreach (var (i, (name, damage)) in Damage.Losses.Index().Where(loss => loss.Index == number % Damage.Losses.Count))
        {
            foreach (var verdict in Judge(scene, damage(clip, number * 31 + i)))
            {
                Of(Accuracy, (name, verdict.Aspect)).Add(verdict.IsRight);
            }
        }

        foreach (var (i, (name, damage)) in Damage.Wrongs.Index().Where(wrong => wrong.Index % 3 == number % 3))
        {
            foreach (var verdict in Judge(scene, damage(clip, number * 37 + i)).Where(verdict => IsMadeWrong(scene.Family, name, verdict)))
            {
                Of(Rejection, (name, verdict.Aspect)).Add(!verdict.IsRight);
            }
        }
    }

    private void Foreign(Scene scene, Clip clip, int number)
    {
        foreach (var family in SceneFamily.All.Where(family => family != scene.Family && NumberOf(family) % 4 == number % 4))
        {
            var asked = Expectation.Of(SceneGrammar.Sample(family, Seed, number, Split.HeldOut));
            ForeignClips.Add(PixelJudge.Compare(PixelJudge.Look(clip, family), asked).Any(verdict => !verdict.IsRight));
        }
    }

    private static int NumberOf(SceneFamily family) => SceneFamily.All.Index().First(known => known.Item == family).Index;

    private static IReadOnlyList<Verdict> Judge(Scene scene, Clip clip) =>
        PixelJudge.Compare(PixelJudge.Look(clip, scene.Family), Expectation.Of(scene));

    private static bool IsMadeWrong(SceneFamily family, string wrong, Verdict verdict) => wrong switch
    {
        "reversed" => (verdict.Aspect == Aspect.Motion && !SameReversed.Contains(verdict.Expected))
            || (family is TrafficLight && verdict.Aspect is Aspect.Color or Aspect.SecondColor),
        "mirrored" => (verdict.Aspect == Aspect.Motion && SidedMotions.Contains(verdict.Expected))
            || (verdict.Aspect is Aspect.Placement or Aspect.Relation && verdict.Expected is "left" or "right" or "leftof"),
        "frozen" or "shuffled" => verdict.Aspect is Aspect.Motion or Aspect.Speed,
        _ => true,
    };

    /// <summary>As if the caption said everything.</summary>
    private static Expectation Everything(Scene scene) => Expectation.Of(scene with
    {
        Mentioned = new HashSet<string> { "color", "color2", "shape", "shape2", "backdrop", "relation", "place", "size", "speed", "land", "weather", "motion", "float", "ball" },
    });

    private static Score Of<TKey>(Dictionary<TKey, Score> scores, TKey key) where TKey : notnull =>
        scores.TryGetValue(key, out var score) ? score : scores[key] = new();

    private static void Table(StringBuilder text, string title, Dictionary<(string Row, string Column), Score> scores)
    {
        var columns = Enum.GetNames<Aspect>().Where(aspect => scores.Keys.Any(key => key.Column == aspect)).ToArray();
        text.AppendLine($"| {title} | {string.Join(" | ", columns)} |").AppendLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var row in scores.Keys.Select(key => key.Row).Distinct())
        {
            text.AppendLine($"| {row} | {string.Join(" | ", columns.Select(column => scores.GetValueOrDefault((row, column))?.ToString() ?? ""))} |");
        }

        text.AppendLine();
    }
}
