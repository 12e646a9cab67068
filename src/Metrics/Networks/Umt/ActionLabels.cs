using XVideo.Torch.Safetensors;

namespace XVideo.Metrics.Networks.Umt;

/// <summary>The names of Kinetics-400's actions in the order of a recogniser's outputs.</summary>
public sealed class ActionLabels
{
    private readonly string[] _names;

    private ActionLabels(string[] names) => _names = names;

    /// <summary>Number of actions.</summary>
    public int Count => _names.Length;

    /// <summary>An action's name in lower case.</summary>
    /// <param name="index">From 0.</param>
    public string this[int index] => _names[index];

    /// <summary>Loads the published list.</summary>
    /// <param name="path"><c>kinetics_400_categories.txt</c>: a name, a tab and an output's number in each line.</param>
    /// <exception cref="ModelFileException">The file is missing or not such a list; each number from 0 on must stand there once.</exception>
    public static ActionLabels Load(string path)
    {
        string[] lines;
        try
        {
            lines = [.. File.ReadLines(path).Where(line => line.Trim().Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the list of actions cannot be read: {error.Message} It is published as {PublishedFile.ActionLabels}.", error);
        }
        var names = new string[lines.Length];
        foreach (var line in lines)
        {
            if (line.Trim().Split('\t') is not [var name, var number] || !int.TryParse(number, out var index) || index < 0 || index >= names.Length || names[index] is not null)
            {
                throw new ModelFileException(path, $"the line '{line}' is not a name, a tab and a number from 0 to {names.Length - 1} that no other line has. "
                    + $"The list is published as {PublishedFile.ActionLabels}.");
            }
            names[index] = name.ToLowerInvariant();
        }
        return new ActionLabels(names);
    }
}
