using System.Runtime.InteropServices;

namespace XVideo.Cuda.Interop;

/// <summary>Texts as C wants them: an array of pointers to UTF-8 with a closing zero.</summary>
internal sealed unsafe class Utf8Texts : IDisposable
{
    private readonly nint[] _texts;

    public Utf8Texts(IEnumerable<string> texts)
    {
        _texts = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];
        Pointers = (byte**)NativeMemory.Alloc((nuint)(_texts.Length + 1), (nuint)sizeof(nint));
        for (var i = 0; i < _texts.Length; i++) Pointers[i] = (byte*)_texts[i];
    }

    public byte** Pointers { get; }

    public void Dispose()
    {
        foreach (var text in _texts) Marshal.FreeCoTaskMem(text);
        NativeMemory.Free(Pointers);
    }
}
