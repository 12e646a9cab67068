namespace XVideo.GpuChecks;

/// <summary>What a check found.</summary>
/// <param name="Error">The largest error, or how many things are wrong.</param>
/// <param name="Allowed">The largest that passes.</param>
/// <param name="Note">Where, or what else is worth knowing.</param>
public sealed record Outcome(double Error, double Allowed, string? Note = null)
{
    /// <summary>NaN never passes.</summary>
    public bool Passed => Error <= Allowed;

    /// <summary>How near to failing; infinite for NaN.</summary>
    public double Severity => double.IsNaN(Error) || double.IsNaN(Allowed) ? double.PositiveInfinity : Allowed > 0 ? Error / Allowed : Error > 0 ? double.PositiveInfinity : 0;

    /// <summary>Something that must not happen at all.</summary>
    /// <param name="wrong">How often it did.</param>
    /// <param name="note">Where first.</param>
    public static Outcome None(long wrong, string? note = null) => new(wrong, 0, note);

    /// <summary>A statement that must hold.</summary>
    public static Outcome Holds(bool holds, string? note = null) => new(holds ? 0 : 1, 0, note);

    /// <summary>The check could not be made, or what it looked at is not comparable.</summary>
    public static Outcome Failed(string reason) => new(double.NaN, double.NaN, reason);

    /// <summary>The one nearest to failing; its case is put before its note.</summary>
    /// <param name="cases">At least one.</param>
    /// <param name="check">Looks at a case; an exception fails it.</param>
    public static Outcome Worst<T>(IEnumerable<T> cases, Func<T, Outcome> check)
    {
        Outcome? worst = null;
        foreach (var each in cases) worst = Worse(worst, $"{each}", () => check(each));
        return worst ?? Failed("there are no cases");
    }

    /// <summary>The worse of an outcome so far and a new one.</summary>
    public static Outcome Worse(Outcome? worst, string name, Func<Outcome> check)
    {
        Outcome outcome;
        try
        {
            outcome = check();
        }
        catch (Exception error)
        {
            outcome = Failed($"{error.GetType().Name}: {error.Message}");
        }
        return worst is not null && worst.Severity >= outcome.Severity ? worst : outcome with { Note = outcome.Note is null ? name : $"{name}: {outcome.Note}" };
    }

    /// <summary>That code throws an exception of a type whose message has all of some texts.</summary>
    public static Outcome Throws<T>(Action code, params string[] texts)
        where T : Exception
    {
        try
        {
            code();
        }
        catch (T error)
        {
            var missing = texts.Where(text => !error.Message.Contains(text, StringComparison.Ordinal)).ToArray();
            return missing.Length == 0 ? None(0, error.Message) : None(missing.Length, $"the message lacks \"{string.Join("\", \"", missing)}\": {error.Message}");
        }
        catch (Exception error)
        {
            return None(1, $"threw {error.GetType().Name} instead of {typeof(T).Name}: {error.Message}");
        }
        return None(1, $"threw nothing; {typeof(T).Name} was expected");
    }
}
