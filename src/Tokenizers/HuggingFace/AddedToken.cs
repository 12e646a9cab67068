namespace XVideo.Tokenizers.HuggingFace;

/// <summary>A token that is looked for in the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">The text to look for.</param>
/// <param name="SingleWord">Only when no word character touches it.</param>
/// <param name="TakesSpaceBefore">Swallows white space on its left.</param>
/// <param name="TakesSpaceAfter">Swallows white space on its right.</param>
/// <param name="MatchesNormalized">Looked for after normalisation instead of in the typed text.</param>
/// <param name="IsSpecial">Left out when decoding.</param>
internal sealed record AddedToken(
    int Id, string Content, bool SingleWord, bool TakesSpaceBefore, bool TakesSpaceAfter, bool MatchesNormalized, bool IsSpecial)
{
    public static AddedToken Read(JsonPart part)
    {
        var content = part["content"].Text();
        if (content.Length == 0)
        {
            throw part["content"].Expected("a string of at least one character");
        }

        return new AddedToken(
            part["id"].Id(), content, part["single_word"].Flag(false), part["lstrip"].Flag(false), part["rstrip"].Flag(false),
            part["normalized"].Flag(false), part["special"].Flag(false));
    }
}
