namespace XVideo.Judge;

/// <summary>Collects what a reader sees; what it cannot tell is left out.</summary>
internal sealed class Notes
{
    private readonly Dictionary<Aspect, string> _seen = [];

    public Reading Reading => new(_seen);

    public void See<T>(Aspect aspect, T? value) where T : struct, Enum
    {
        if (value is { } present)
        {
            _seen[aspect] = Word(present);
        }
    }

    public void See(Aspect aspect, int count) => _seen[aspect] = count.ToString();

    /// <summary>The word of a value, the same in readings and expectations: "darkblue", "downleft".</summary>
    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
