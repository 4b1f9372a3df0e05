namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        /// <summary>Where the elements of two tensors are equal.</summary>
        public Tensor eq(Tensor target) => Made(Native.torch_eq(Handle, target.Handle), this, target);

        /// <summary>Where the elements equal a number.</summary>
        public Tensor eq(Scalar target) => Made(Native.torch_eq_scalar(Handle, target.Number), this);

        /// <summary>Where the elements of two tensors differ.</summary>
        public Tensor ne(Tensor target) => Made(Native.torch_ne(Handle, target.Handle), this, target);

        /// <summary>Where the elements differ from a number.</summary>
        public Tensor ne(Scalar target) => Made(Native.torch_ne_scalar(Handle, target.Number), this);

        /// <summary>Where this is greater.</summary>
        public Tensor gt(Tensor target) => Made(Native.torch_gt(Handle, target.Handle), this, target);

        /// <summary>Where the elements are greater than a number.</summary>
        public Tensor gt(Scalar target) => Made(Native.torch_gt_scalar(Handle, target.Number), this);

        /// <summary>Where this is greater or equal.</summary>
        public Tensor ge(Tensor target) => Made(Native.torch_ge(Handle, target.Handle), this, target);

        /// <summary>Where the elements are greater than or equal to a number.</summary>
        public Tensor ge(Scalar target) => Made(Native.torch_ge_scalar(Handle, target.Number), this);

        /// <summary>Where this is less.</summary>
        public Tensor lt(Tensor target) => Made(Native.torch_lt(Handle, target.Handle), this, target);

        /// <summary>Where the elements are less than a number.</summary>
        public Tensor lt(Scalar target) => Made(Native.torch_lt_scalar(Handle, target.Number), this);

        /// <summary>Where this is less or equal.</summary>
        public Tensor le(Tensor target) => Made(Native.torch_le(Handle, target.Handle), this, target);

        /// <summary>Where the elements are less than or equal to a number.</summary>
        public Tensor le(Scalar target) => Made(Native.torch_le_scalar(Handle, target.Number), this);

        /// <summary>Where both are true.</summary>
        public Tensor logical_and(Tensor other) => Made(Native.torch_logical_and(Handle, other.Handle), this, other);

        /// <summary>Where either is true.</summary>
        public Tensor logical_or(Tensor other) => Made(Native.torch_logical_or(Handle, other.Handle), this, other);

        /// <summary>Where this is false.</summary>
        public Tensor logical_not() => Made(Native.torch_logical_not(Handle), this);

        /// <summary>Where the elements are NaN.</summary>
        public Tensor isnan() => Made(Native.torch_isnan(Handle), this);

        /// <summary>Where the elements are infinite.</summary>
        public Tensor isinf() => Made(Native.torch_isinf(Handle), this);

        /// <summary>Where the elements are neither NaN nor infinite.</summary>
        public Tensor isfinite() => Made(Native.torch_isfinite(Handle), this);

        /// <summary>Whether all elements are true, as a tensor of one.</summary>
        public Tensor all() => Made(Native.torch_all(Handle), this);

        /// <summary>Whether any element is true, as a tensor of one.</summary>
        public Tensor any() => Made(Native.torch_any(Handle), this);

        /// <summary>This where the condition holds, the other where it does not.</summary>
        public Tensor where(Tensor condition, Tensor y) => Made(Native.torch_where(condition.Handle, Handle, y.Handle), condition, this, y);

        /// <summary>This, with a number where the mask is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Made(Native.torch_masked_fill(Handle, mask.Handle, value.Number), this, mask);

        /// <summary>For each position of the index, the element that it names along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => Made(Native.torch_gather(Handle, dim, index.Handle), this, index);

        /// <summary>The slices of a dimension that the index (one dimension, int64) names, in its order.</summary>
        public Tensor index_select(long dim, Tensor index) => Made(Native.torch_index_select(Handle, dim, index.Handle), this, index);

        /// <summary>Whether all elements agree: |this - target| at most atol + rtol |target|.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            Done(Native.torch_allclose(Handle, target.Handle, rtol, atol, equal_nan, out var result), this, target);
            return result;
        }
    }
}
