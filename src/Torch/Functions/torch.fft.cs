namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>Discrete Fourier transforms.</summary>
    public static class fft
    {
        /// <summary>The transform over two dimensions (the last two unless others are given), cut or padded to sizes <paramref name="s"/> where they are given.</summary>
        /// <exception cref="ArgumentException">The input has fewer than two dimensions.</exception>
        public static unsafe Tensor fft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward)
        {
            if (input.dim() < 2)
                throw new ArgumentException("fft2() input should be at least 2D", nameof(input));
            dim ??= [-2, -1];
            fixed (long* sizes = s)
                return Tensor.Made(Native.torch_fft2(input.Handle, sizes, s?.Length ?? 0, dim, dim.Length, (int)norm), input);
        }

        /// <summary>The transform of real numbers along one dimension: the n / 2 + 1 values that the others follow from.</summary>
        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) =>
            Tensor.Made(Native.torch_rfft(input.Handle, n, dim, (int)norm), input);
    }
}
