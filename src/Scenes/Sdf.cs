using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Scenes;

/// <summary>Signed distances in scene units (negative inside) of the sprite primitives, for a whole batch of frames.</summary>
/// <remarks>
/// <c>dx</c> is [b,1,T,1,W] and <c>dy</c> [b,1,T,H,1]: the offset from the centre; every other argument is [b,1,T,1,1].
/// Results are fresh [b,1,T,H,W] tensors, and the code works in place on them: a clip is two million pixels a plane.
/// </remarks>
internal static class Sdf
{
    /// <summary>Coordinates in the sprite's own frame, divided by its half sizes.</summary>
    public static (Tensor U, Tensor V) Local(Tensor dx, Tensor dy, Tensor cos, Tensor sin, Tensor a, Tensor b) =>
        (dx * (cos / a) + dy * (sin / a), dy * (cos / b) - dx * (sin / b));

    /// <summary>Exact for circles; for ellipses the distance is corrected by the length of the gradient.</summary>
    public static Tensor Disc(Tensor u, Tensor v, Tensor a, Tensor b, bool circles, Tensor? thickness)
    {
        var k0 = hypot(u, v);
        var d = circles ? k0.add_(-1).mul_(a) : (k0 * (k0 - 1)).div_(hypot(u / a, v / b).add_(1e-6));
        return thickness is null ? d : maximum(d, (d + thickness * a).mul_(-1));
    }

    /// <summary>A rounded box whose lower half is wider by <paramref name="taper"/>; u and v in units of a and b.</summary>
    public static Tensor Box(Tensor u, Tensor v, Tensor a, Tensor b, Tensor corner, Tensor taper)
    {
        var qx = u.abs().sub_(v * taper).add_(-1).mul_(a).add_(corner);
        var qy = v.abs().add_(-1).mul_(b).add_(corner);
        var inside = maximum(qx, qy).clamp_(max: 0);
        return hypot(qx.clamp_(min: 0), qy.clamp_(min: 0)).add_(inside).sub_(corner);
    }

    /// <summary>Polygons, stars and hearts: folded to one corner, an edge is the line r·cos(angle − φ) = cos φ.</summary>
    public static Tensor Polar(Tensor u, Tensor v, Tensor scale, Tensor corners, Tensor phi, Tensor? shear)
    {
        if (shear is not null)
        {
            v = v.add_(u.abs().mul_(shear));
        }

        var edge = Fold(u, v, corners).sub_(phi).cos();
        return hypot(u, v).mul_(edge).sub_(phi.cos()).mul_(scale);
    }

    /// <summary>A flower head: round petals around the centre.</summary>
    public static Tensor Petal(Tensor u, Tensor v, Tensor scale, Tensor corners)
    {
        const double Middle = 0.62, Radius = 0.38;
        var r = hypot(u, v);
        var along = Fold(u, v, corners).cos().mul_(-2 * Middle).add_(r);
        return along.mul_(r).add_(Middle * Middle).clamp_(min: 0).sqrt_().add_(-Radius).mul_(scale);
    }

    /// <summary>Angle from the nearest corner, the first of which points up.</summary>
    private static Tensor Fold(Tensor u, Tensor v, Tensor corners)
    {
        // frac keeps the sign, so a whole number of turns is added first.
        var turns = u.atan2(-v).mul_(corners / (2 * Math.PI)).add_(corners + 0.5);
        return turns.frac().add_(-0.5).abs().mul_(2 * Math.PI / corners);
    }
}
