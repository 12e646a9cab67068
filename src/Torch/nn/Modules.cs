namespace TorchSharp.Modules;

/// <summary>Holds the choice of formula for <c>torch.nn.functional.gelu</c>.</summary>
public static class GELU
{
    public enum Approximate { none = 0, tanh = 1 }
}
