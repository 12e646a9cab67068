using XVideo.Torch.Interop;

namespace TorchSharp;

// https://pytorch.org/docs/stable/torch.html#pointwise-ops
public static partial class torch
{
    public sealed partial class Tensor
    {
        public Tensor abs() => Operator.Call("abs", this);
        public Tensor neg() => Operator.Call("neg", this);
        public Tensor exp() => Operator.Call("exp", this);
        public Tensor log() => Operator.Call("log", this);
        public Tensor sqrt() => Operator.Call("sqrt", this);
        public Tensor rsqrt() => Operator.Call("rsqrt", this);
        public Tensor square() => Operator.Call("square", this);
        public Tensor sin() => Operator.Call("sin", this);
        public Tensor cos() => Operator.Call("cos", this);
        public Tensor tanh() => Operator.Call("tanh", this);
        public Tensor sigmoid() => Operator.Call("sigmoid", this);
        public Tensor silu() => Operator.Call("silu", this);
        public Tensor floor() => Operator.Call("floor", this);
        public Tensor round(long decimals = 0) => decimals == 0 ? Operator.Call("round", this) : Operator.Call("round.decimals", this, decimals);
        public Tensor frac() => Operator.Call("frac", this);
        public Tensor atan2(Tensor other) => Operator.Call("atan2", this, other);
        public Tensor isfinite() => Operator.Call("isfinite", this);
        public Tensor gelu() => Operator.Call("gelu", this);

        public Tensor pow(Scalar exponent) => Operator.Call("pow.Tensor_Scalar", this, exponent);
        public Tensor pow(Tensor exponent) => Operator.Call("pow.Tensor_Tensor", this, exponent);
        public Tensor remainder(Scalar scalar) => Operator.Call("remainder.Scalar", this, scalar);

        public Tensor add(Tensor target) => Operator.Call("add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Operator.Call("add.Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Operator.Call("add.Scalar", this, scalar);
        public Tensor sub(Tensor target) => Operator.Call("sub.Tensor", this, target);
        public Tensor sub(Scalar target) => Operator.Call("sub.Scalar", this, target);
        public Tensor mul(Tensor target) => Operator.Call("mul.Tensor", this, target);
        public Tensor mul(Scalar target) => Operator.Call("mul.Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Operator.Call("div.Tensor", this, target)
            : Operator.Call("div.Tensor_mode", this, target, rounding_mode.ToString());
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Operator.Call("div.Scalar", this, target)
            : Operator.Call("div.Scalar_mode", this, target, rounding_mode.ToString());

        public Tensor add_(Tensor target) => InPlace("add_.Tensor", target);
        public Tensor add_(Tensor target, Scalar alpha) => InPlace("add_.Tensor", target, alpha);
        public Tensor add_(Scalar scalar) => InPlace("add_.Scalar", scalar);
        public Tensor sub_(Tensor target) => InPlace("sub_.Tensor", target);
        public Tensor mul_(Tensor target) => InPlace("mul_.Tensor", target);
        public Tensor mul_(Scalar target) => InPlace("mul_.Scalar", target);
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? InPlace("div_.Tensor", target)
            : InPlace("div_.Tensor_mode", target, rounding_mode.ToString());
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcmul_", tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace("addcdiv_", tensor1, tensor2, value);
        public Tensor sqrt_() => InPlace("sqrt_");
        public Tensor fill_(Scalar value) => InPlace("fill_.Scalar", value);
        public Tensor zero_() => InPlace("zero_");

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Operator.Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Operator.Call("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("clamp_", min, max);
        public Tensor maximum(Tensor other) => Operator.Call("maximum", this, other);
        public Tensor minimum(Tensor other) => Operator.Call("minimum", this, other);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Operator.Call("nan_to_num", this, nan, posinf is { } p ? p : Argument.None, neginf is { } n ? n : Argument.None);

        public Tensor eq(Tensor target) => Operator.Call("eq.Tensor", this, target);
        public Tensor eq(Scalar target) => Operator.Call("eq.Scalar", this, target);
        public Tensor lt(Tensor target) => Operator.Call("lt.Tensor", this, target);
        public Tensor lt(Scalar target) => Operator.Call("lt.Scalar", this, target);
        public Tensor le(Scalar target) => Operator.Call("le.Scalar", this, target);
        public Tensor gt(Tensor target) => Operator.Call("gt.Tensor", this, target);
        public Tensor gt(Scalar target) => Operator.Call("gt.Scalar", this, target);
        public Tensor ge(Tensor target) => Operator.Call("ge.Tensor", this, target);
        public Tensor ge(Scalar target) => Operator.Call("ge.Scalar", this, target);
        public Tensor where(Tensor condition, Tensor y) => Operator.Call("where.self", condition, this, y);
        public Tensor masked_fill(Tensor mask, Scalar value) => Operator.Call("masked_fill.Scalar", this, mask, value);
        public Tensor logical_not() => Operator.Call("logical_not", this);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => Operator.Call("rsub.Scalar", right, left);
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right)
        {
            using var inverse = Operator.Call("reciprocal", right);
            return inverse.mul(left);
        }
        public static Tensor operator &(Tensor left, Tensor right) => Operator.Call("bitwise_and.Tensor", left, right);
        public static Tensor operator |(Tensor left, Tensor right) => Operator.Call("bitwise_or.Tensor", left, right);

        private Tensor InPlace(string name)
        {
            Operator.Run(name, this);
            return this;
        }

        private Tensor InPlace(string name, Argument first)
        {
            Operator.Run(name, this, first);
            return this;
        }

        private Tensor InPlace(string name, Argument first, Argument second)
        {
            Operator.Run(name, this, first, second);
            return this;
        }

        private Tensor InPlace(string name, Argument first, Argument second, Argument third)
        {
            Operator.Run(name, this, first, second, third);
            return this;
        }
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Operator.Call("where.self", condition, x, y);
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);
    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => Operator.Call("addcmul", input, tensor1, tensor2, value);
    public static Tensor view_as_complex(Tensor input) => Operator.Call("view_as_complex", input);
    public static Tensor view_as_real(Tensor input) => Operator.Call("view_as_real", input);
    public static Tensor hypot(Tensor left, Tensor right) => Operator.Call("hypot", left, right);
}
