using static TorchSharp.torch;

namespace XVideo.Scenes;

/// <summary>A drawn layer: opacity [b,1,T,H,W], colour that broadcasts to [b,3,T,H,W], and a factor on the colour.</summary>
internal sealed record Paint(Crop Crop, Tensor Alpha, Tensor Color, Tensor? Light);

/// <summary>The pixels a layer can touch in any frame.</summary>
internal readonly record struct Crop(int Left, int Top, int Width, int Height)
{
    public bool IsEmpty => Width <= 0 || Height <= 0;

    public Tensor Of(Tensor picture) => picture.narrow(-1, Left, Width).narrow(-2, Top, Height);
}
