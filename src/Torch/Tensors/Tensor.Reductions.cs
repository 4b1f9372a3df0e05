namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        /// <summary>The sum of all elements, as a tensor of one. Truth values and integers are summed as int64.</summary>
        public Tensor sum(ScalarType? type = null) => Made(Native.torch_sum(Handle, OptionalType(type)), this);

        /// <summary>The sums over some dimensions.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Made(Native.torch_sum_dims(Handle, dim, dim.Length, keepdim, OptionalType(type)), this);

        /// <summary>The sums over some dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        /// <summary>The sums over one dimension.</summary>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        /// <summary>The mean of all elements, as a tensor of one.</summary>
        public Tensor mean() => Made(Native.torch_mean(Handle), this);

        /// <summary>The means over some dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Made(Native.torch_mean_dims(Handle, dimensions, dimensions.Length, keepdim, OptionalType(type)), this);

        /// <summary>The standard deviation of all elements, over n - 1 unless it may be biased.</summary>
        public Tensor std(bool unbiased = true) => Made(Native.torch_std(Handle, unbiased), this);

        /// <summary>The standard deviations over some dimensions.</summary>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false) =>
            Made(Native.torch_std_dims(Handle, dimensions, dimensions.Length, unbiased, keepdim), this);

        /// <summary>The smallest element, NaN where there is one.</summary>
        public Tensor min() => Made(Native.torch_min(Handle), this);

        /// <summary>The largest element, NaN where there is one.</summary>
        public Tensor max() => Made(Native.torch_max(Handle), this);

        /// <summary>The smallest elements over some dimensions.</summary>
        public Tensor amin(long[] dims, bool keepdim = false) => Made(Native.torch_amin(Handle, dims, dims.Length, keepdim), this);

        /// <summary>The largest elements over some dimensions.</summary>
        public Tensor amax(long[] dims, bool keepdim = false) => Made(Native.torch_amax(Handle, dims, dims.Length, keepdim), this);

        /// <summary>The index of the largest element over one dimension.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => Made(Native.torch_argmax(Handle, dim, keepdim), this);

        /// <summary>The p-norm of all elements: (sum of |x|^p)^(1/p).</summary>
        public Tensor norm(float p = 2.0f) => Made(Native.torch_norm(Handle, p), this);

        /// <summary>The p-norms over one dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Made(Native.torch_norm_dim(Handle, dim, keepdim, p), this);

        /// <summary>e^x over its sum along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(Native.torch_softmax(Handle, dim, OptionalType(dtype)), this);

        /// <summary>The logarithm of softmax.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(Native.torch_log_softmax(Handle, dim, OptionalType(dtype)), this);

        private static int OptionalType(ScalarType? type) => (int?)type ?? -1;
    }
}
