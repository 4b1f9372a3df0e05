namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        /// <summary>|x| of each element.</summary>
        public Tensor abs() => Made(Native.torch_abs(Handle), this);

        /// <summary>The natural logarithm of each element: NaN below zero, minus infinity at zero.</summary>
        public Tensor log() => Made(Native.torch_log(Handle), this);

        /// <summary>e to the power of each element.</summary>
        public Tensor exp() => Made(Native.torch_exp(Handle), this);

        /// <summary>The square root of each element: NaN below zero.</summary>
        public Tensor sqrt() => Made(Native.torch_sqrt(Handle), this);

        /// <summary>One over the square root of each element.</summary>
        public Tensor rsqrt() => Made(Native.torch_rsqrt(Handle), this);

        /// <summary>The square of each element.</summary>
        public Tensor square() => Made(Native.torch_square(Handle), this);

        /// <summary>Each element with the other sign.</summary>
        public Tensor neg() => Made(Native.torch_neg(Handle), this);

        /// <summary>One over each element.</summary>
        public Tensor reciprocal() => Made(Native.torch_reciprocal(Handle), this);

        /// <summary>1 / (1 + e^-x) of each element.</summary>
        public Tensor sigmoid() => Made(Native.torch_sigmoid(Handle), this);

        /// <summary>The hyperbolic tangent of each element.</summary>
        public Tensor tanh() => Made(Native.torch_tanh(Handle), this);

        /// <summary>The error function of each element.</summary>
        public Tensor erf() => Made(Native.torch_erf(Handle), this);

        /// <summary>The sine of each element.</summary>
        public Tensor sin() => Made(Native.torch_sin(Handle), this);

        /// <summary>The cosine of each element.</summary>
        public Tensor cos() => Made(Native.torch_cos(Handle), this);

        /// <summary>The larger of zero and each element.</summary>
        public Tensor relu() => Made(Native.torch_relu(Handle), this);

        /// <summary>-1, 0 or 1 by the sign of each element.</summary>
        public Tensor sign() => Made(Native.torch_sign(Handle), this);

        /// <summary>The sum of two tensors, broadcast to one shape.</summary>
        public Tensor add(Tensor target) => Made(Native.torch_add(Handle, target.Handle, ((Scalar)1).Number), this, target);

        /// <summary>This plus <paramref name="alpha"/> times the other, broadcast to one shape.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Made(Native.torch_add(Handle, target.Handle, alpha.Number), this, target);

        /// <summary>Each element plus a number.</summary>
        public Tensor add(Scalar scalar) => Made(Native.torch_add_scalar(Handle, scalar.Number), this);

        /// <summary>The difference of two tensors, broadcast to one shape.</summary>
        public Tensor sub(Tensor target) => Made(Native.torch_sub(Handle, target.Handle), this, target);

        /// <summary>Each element minus a number.</summary>
        public Tensor sub(Scalar target) => Made(Native.torch_sub_scalar(Handle, target.Number), this);

        /// <summary>The product of two tensors element by element, broadcast to one shape.</summary>
        public Tensor mul(Tensor target) => Made(Native.torch_mul(Handle, target.Handle), this, target);

        /// <summary>Each element times a number.</summary>
        public Tensor mul(Scalar target) => Made(Native.torch_mul_scalar(Handle, target.Number), this);

        /// <summary>The quotient of two tensors element by element, broadcast to one shape; integers give floating-point numbers.</summary>
        public Tensor div(Tensor target) => Made(Native.torch_div(Handle, target.Handle), this, target);

        /// <summary>Each element divided by a number; integers give floating-point numbers.</summary>
        public Tensor div(Scalar target) => Made(Native.torch_div_scalar(Handle, target.Number), this);

        /// <summary>Each element to the power of the other tensor's, broadcast to one shape.</summary>
        public Tensor pow(Tensor exponent) => Made(Native.torch_pow(Handle, exponent.Handle), this, exponent);

        /// <summary>Each element to the power of a number.</summary>
        public Tensor pow(Scalar exponent) => Made(Native.torch_pow_scalar(Handle, exponent.Number), this);

        /// <summary>The larger element of two tensors, NaN where either is NaN.</summary>
        public Tensor maximum(Tensor other) => Made(Native.torch_maximum(Handle, other.Handle), this, other);

        /// <summary>The smaller element of two tensors, NaN where either is NaN.</summary>
        public Tensor minimum(Tensor other) => Made(Native.torch_minimum(Handle, other.Handle), this, other);

        /// <summary>The matrix product over the last two dimensions; the others are broadcast.</summary>
        public Tensor matmul(Tensor target) => Made(Native.torch_matmul(Handle, target.Handle), this, target);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => Made(Native.torch_mm(Handle, target.Handle), this, target);

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2) => Made(Native.torch_bmm(Handle, batch2.Handle), this, batch2);

        /// <summary>Each element, but not below <paramref name="min"/> and not above <paramref name="max"/>.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) =>
            Made(Native.torch_clamp(Handle, min?.Number ?? NativeNumber.Absent, max?.Number ?? NativeNumber.Absent), this);

        /// <summary>Each element, with numbers in place of NaN and the infinities (the type's largest and smallest for none given).</summary>
        public unsafe Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
        {
            var positive = posinf.GetValueOrDefault();
            var negative = neginf.GetValueOrDefault();
            return Made(Native.torch_nan_to_num(Handle, nan, posinf is null ? null : &positive, neginf is null ? null : &negative), this);
        }

        /// <summary>Adds another tensor, and returns this.</summary>
        public Tensor add_(Tensor target) => Changed(Native.torch_add_(Handle, target.Handle, ((Scalar)1).Number), target);

        /// <summary>Adds <paramref name="alpha"/> times another tensor, and returns this.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => Changed(Native.torch_add_(Handle, target.Handle, alpha.Number), target);

        /// <summary>Adds a number, and returns this.</summary>
        public Tensor add_(Scalar scalar) => Changed(Native.torch_add_scalar_(Handle, scalar.Number));

        /// <summary>Subtracts another tensor, and returns this.</summary>
        public Tensor sub_(Tensor target) => Changed(Native.torch_sub_(Handle, target.Handle), target);

        /// <summary>Subtracts a number, and returns this.</summary>
        public Tensor sub_(Scalar target) => Changed(Native.torch_sub_scalar_(Handle, target.Number));

        /// <summary>Multiplies by another tensor element by element, and returns this.</summary>
        public Tensor mul_(Tensor target) => Changed(Native.torch_mul_(Handle, target.Handle), target);

        /// <summary>Multiplies by a number, and returns this.</summary>
        public Tensor mul_(Scalar target) => Changed(Native.torch_mul_scalar_(Handle, target.Number));

        /// <summary>Divides by another tensor element by element, and returns this.</summary>
        public Tensor div_(Tensor target) => Changed(Native.torch_div_(Handle, target.Handle), target);

        /// <summary>Divides by a number, and returns this.</summary>
        public Tensor div_(Scalar target) => Changed(Native.torch_div_scalar_(Handle, target.Number));

        /// <summary>Adds <paramref name="value"/> times the product of two tensors, and returns this.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Changed(Native.torch_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Number), tensor1, tensor2);

        /// <summary>Adds <paramref name="value"/> times the quotient of two tensors, and returns this.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Changed(Native.torch_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Number), tensor1, tensor2);

        /// <summary>The sum, broadcast to one shape.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>Each element plus a number.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        /// <summary>Each element plus a number.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        /// <summary>The difference, broadcast to one shape.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>Each element minus a number.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        /// <summary>A number minus each element.</summary>
        public static Tensor operator -(Scalar left, Tensor right)
        {
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>Each element with the other sign.</summary>
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        /// <summary>The product element by element, broadcast to one shape.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>Each element times a number.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        /// <summary>Each element times a number.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        /// <summary>The quotient element by element, broadcast to one shape.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        /// <summary>Each element divided by a number.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        /// <summary>A number divided by each element.</summary>
        public static Tensor operator /(Scalar left, Tensor right)
        {
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }
    }
}
