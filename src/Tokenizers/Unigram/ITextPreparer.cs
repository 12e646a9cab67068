namespace XVideo.Tokenizers.Unigram;

/// <summary>Everything between the typed text and the model: normalisation, added tokens, splitting into words.</summary>
internal interface ITextPreparer
{
    List<TextSegment> Prepare(string text);
}
