using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Finds out what a prompt asks for by its words: first the kind of scene, then the phrases that mean something in it.</summary>
internal static class PromptReader
{
    private const int LongestPhrase = 6;

    public static Expectation? Read(string prompt)
    {
        var words = new string([.. prompt.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return FamilyWords.Of(words) is { } family ? new(family, Asked(family, words)) : null;
    }

    private static Dictionary<Aspect, string> Asked(SceneFamily family, string[] words)
    {
        var phrases = PromptPhrases.Of(family);
        var found = new List<(Aspect Aspect, string Value)>();
        for (var at = 0; at < words.Length;)
        {
            var length = Enumerable.Range(1, LongestPhrase).LastOrDefault(n => at + n <= words.Length && phrases.ContainsKey(string.Join(' ', words[at..(at + n)])));
            if (length > 0)
            {
                found.AddRange(phrases[string.Join(' ', words[at..(at + length)])]);
            }

            at += Math.Max(1, length);
        }

        return family is TwoShapes ? Pair(found) : Plain(family, found);
    }

    /// <summary>The first mention counts; a second colour or shape belongs to the second thing.</summary>
    private static Dictionary<Aspect, string> Plain(SceneFamily family, List<(Aspect Aspect, string Value)> found)
    {
        var asked = new Dictionary<Aspect, string>();
        foreach (var (aspect, value) in found)
        {
            if (!asked.TryAdd(aspect, value) && aspect == Aspect.Color && family is TrafficLight or Planets)
            {
                asked.TryAdd(Aspect.SecondColor, value);
            }
        }

        return asked;
    }

    /// <summary>"A is right of B" means that B is left of A: the first thing is the left or upper one.</summary>
    private static Dictionary<Aspect, string> Pair(List<(Aspect Aspect, string Value)> found)
    {
        var asked = new Dictionary<Aspect, string>();
        var isInverse = found.Any(phrase => phrase.Value is PromptPhrases.RightOf or PromptPhrases.Below);
        var (first, second) = isInverse ? (1, 0) : (0, 1);
        void Take(Aspect from, Aspect to, int index)
        {
            var values = found.Where(phrase => phrase.Aspect == from).Select(phrase => phrase.Value).ToArray();
            if (index < values.Length)
            {
                asked[to] = values[index];
            }
        }

        Take(Aspect.Color, Aspect.Color, first);
        Take(Aspect.Color, Aspect.SecondColor, second);
        Take(Aspect.Shape, Aspect.Shape, first);
        Take(Aspect.Shape, Aspect.SecondShape, second);
        Take(Aspect.Motion, Aspect.Motion, 0);
        Take(Aspect.Background, Aspect.Background, 0);
        Take(Aspect.Relation, Aspect.Relation, 0);
        if (asked.TryGetValue(Aspect.Relation, out var relation))
        {
            asked[Aspect.Relation] = Notes.Word(relation is PromptPhrases.RightOf or "leftof" ? Relation.LeftOf : Relation.Above);
        }

        return asked;
    }
}
