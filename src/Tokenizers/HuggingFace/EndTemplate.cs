namespace XVideo.Tokenizers.HuggingFace;

/// <summary>The "post_processor" of tokenizer.json: which ids go around the text's own.</summary>
internal sealed record EndTemplate(int[] Prefix, int[] Suffix)
{
    public static EndTemplate Read(JsonPart part)
    {
        if (part.IsNull)
        {
            throw part.Expected("a TemplateProcessing that ends a text with the end mark");
        }

        var type = part.TypeName();
        if (type == "Sequence")
        {
            var inner = part["processors"].Items().ToArray();
            return inner.Length == 1 ? Read(inner[0]) : throw part["processors"].Expected("a list of one TemplateProcessing");
        }

        return type == "TemplateProcessing" ? ReadTemplate(part) : throw part.Unsupported("TemplateProcessing");
    }

    private static EndTemplate ReadTemplate(JsonPart part)
    {
        var (prefix, suffix) = (new List<int>(), new List<int>());
        var foundText = false;
        foreach (var item in part["single"].Items())
        {
            if (!item["Sequence"].IsNull)
            {
                foundText = !foundText ? true : throw part["single"].Expected("a template with one Sequence");
                continue;
            }

            var name = item["SpecialToken"]["id"].Text();
            var ids = part["special_tokens"][name]["ids"].Items().Select(id => id.Id());
            (foundText ? suffix : prefix).AddRange(ids);
        }

        return foundText && suffix.Count > 0
            ? new EndTemplate([.. prefix], [.. suffix])
            : throw part["single"].Expected("a template of the text (Sequence) followed by the end mark (SpecialToken)");
    }
}
