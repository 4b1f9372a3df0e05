namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        /// <summary>The slice at an index of the first dimension.</summary>
        public Tensor this[long i1] => select(0, i1);

        /// <summary>The slice at an index of the first two dimensions.</summary>
        public Tensor this[long i1, long i2]
        {
            get
            {
                using var row = select(0, i1);
                return row.select(0, i2);
            }
        }

        /// <summary>A view with two dimensions exchanged.</summary>
        public Tensor transpose(long dim0, long dim1) => Made(Native.torch_transpose(Handle, dim0, dim1), this);

        /// <summary>A view of a matrix with rows and columns exchanged.</summary>
        public Tensor t() => transpose(0, 1);

        /// <summary>A view with the dimensions in another order.</summary>
        public Tensor permute(params long[] permutation) => Made(Native.torch_permute(Handle, permutation, permutation.Length), this);

        /// <summary>A view of another shape; -1 stands for what remains.</summary>
        public Tensor view(params long[] shape) => Made(Native.torch_view(Handle, shape, shape.Length), this);

        /// <summary>Another shape, as a view where that is possible; -1 stands for what remains.</summary>
        public Tensor reshape(params long[] shape) => Made(Native.torch_reshape(Handle, shape, shape.Length), this);

        /// <summary>A view in which dimensions of size one are repeated; -1 leaves a dimension as it is.</summary>
        public Tensor expand(params long[] sizes) => Made(Native.torch_expand(Handle, sizes, sizes.Length), this);

        /// <summary>The dimensions from one to another made into one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Made(Native.torch_flatten(Handle, start_dim, end_dim), this);

        /// <summary>A copy with some dimensions in reverse order.</summary>
        public Tensor flip(params long[] dims) => Made(Native.torch_flip(Handle, dims, dims.Length), this);

        /// <summary>A view with a dimension of size one put in.</summary>
        public Tensor unsqueeze(long dim) => Made(Native.torch_unsqueeze(Handle, dim), this);

        /// <summary>A view without a dimension of size one, or without all of them.</summary>
        public Tensor squeeze(long? dim = null) =>
            Made(dim is { } one ? Native.torch_squeeze_dim(Handle, one) : Native.torch_squeeze(Handle), this);

        /// <summary>A view of <paramref name="length"/> slices of a dimension.</summary>
        public Tensor narrow(long dim, long start, long length) => Made(Native.torch_narrow(Handle, dim, start, length), this);

        /// <summary>A view of every <paramref name="step"/>-th slice of a dimension from start to before finish.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => Made(Native.torch_slice(Handle, dim, start, finish, step), this);

        /// <summary>A view of one slice of a dimension.</summary>
        public Tensor select(long dim, long index) => Made(Native.torch_select(Handle, dim, index), this);

        /// <summary>A copy with zeros above a diagonal.</summary>
        public Tensor tril(long diagonal = 0) => Made(Native.torch_tril(Handle, diagonal), this);

        /// <summary>A copy with zeros below a diagonal.</summary>
        public Tensor triu(long diagonal = 0) => Made(Native.torch_triu(Handle, diagonal), this);

        /// <summary>The real part of complex numbers, as a view.</summary>
        public Tensor real => Made(Native.torch_real(Handle), this);

        /// <summary>Complex numbers as a view with a last dimension of two: real and imaginary part.</summary>
        public Tensor view_as_real() => Made(Native.torch_view_as_real(Handle), this);
    }
}
