using LPZero.Torch.Modules;

namespace LPZero.Torch
{
    public static partial class torch
    {
        /// <summary>Neural networks.</summary>
        public static class nn
        {
            /// <summary>How a loss of each element becomes one number.</summary>
            public enum Reduction : long
            {
                /// <summary>It does not.</summary>
                None = 0,

                /// <summary>By the mean.</summary>
                Mean = 1,

                /// <summary>By the sum.</summary>
                Sum = 2,
            }

            /// <summary>The building blocks of networks as functions.</summary>
            public static class functional
            {
                /// <summary>x W^T + b: [..., in], [out, in] and [out] give [..., out].</summary>
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                    Tensor.Made(Native.torch_linear(input.Handle, weights.Handle, bias?.Handle ?? 0), input, weights, bias);

                /// <summary>The larger of zero and each element.</summary>
                public static Tensor relu(Tensor x) => x.relu();

                /// <summary>x times the normal distribution function at x.</summary>
                public static Tensor gelu(Tensor x) => Tensor.Made(Native.torch_gelu(x.Handle, false), x);

                /// <summary>x times the normal distribution function at x, exact or by the hyperbolic tangent.</summary>
                public static Tensor gelu(Tensor x, GELU.Approximate approximate) =>
                    Tensor.Made(Native.torch_gelu(x.Handle, approximate == GELU.Approximate.tanh), x);

                /// <summary>e^x over its sum along a dimension.</summary>
                public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

                /// <summary>The logarithm of softmax.</summary>
                public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

                /// <summary>(x - mean) / sqrt(variance + eps) over the last dimensions, times the weight plus the bias.</summary>
                public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                    Tensor.Made(
                        Native.torch_layer_norm(input.Handle, normalized_shape, normalized_shape.Length, weight?.Handle ?? 0, bias?.Handle ?? 0, eps),
                        input, weight, bias);

                /// <summary>The cross entropy of logits [N, classes, ...] and classes [N, ...] (int64).</summary>
                public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                    Tensor.Made(
                        Native.torch_cross_entropy(input.Handle, target.Handle, weight?.Handle ?? 0, ignore_index, (long)reduction, label_smoothing),
                        input, target, weight);

                /// <summary>The convolution of [batch, in, length] with [out, in / groups, kernel].</summary>
                public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                    Tensor.Made(
                        Native.torch_conv1d(input.Handle, weight.Handle, bias?.Handle ?? 0, stride ?? 1, padding ?? 0, dilation ?? 1, groups),
                        input, weight, bias);

                /// <summary>The windows of [batch, channels, height, width] as columns: [batch, channels x kernel elements, windows].</summary>
                public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                {
                    return Tensor.Made(Native.torch_unfold(input.Handle, Pair(kernel_size), Pair(dilation ?? (1, 1)), Pair(padding ?? (0, 0)), Pair(stride ?? (1, 1))), input);

                    static long[] Pair((long First, long Second) pair) => [pair.First, pair.Second];
                }
            }
        }
    }
}

namespace LPZero.Torch.Modules
{
    /// <summary>The activation function GELU.</summary>
    public static class GELU
    {
        /// <summary>How it is computed.</summary>
        public enum Approximate
        {
            /// <summary>Exactly, by the error function.</summary>
            none,

            /// <summary>By the hyperbolic tangent.</summary>
            tanh,
        }
    }
}
