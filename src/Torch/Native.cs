using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace LPZero.Torch;

/// <summary>A number as it crosses the border: <paramref name="Bits"/> is read as <paramref name="Kind"/> says.</summary>
internal readonly record struct NativeNumber(long Bits, NativeNumberKind Kind)
{
    public static NativeNumber Absent => new(0, NativeNumberKind.Absent);
}

internal enum NativeNumberKind : long
{
    Absent = -1,
    Integer = 0,
    Floating = 1,
    Truth = 2,
}

/// <summary>A truth value of one byte, as C++ has it.</summary>
internal readonly struct NativeBool
{
    private readonly byte value;

    private NativeBool(bool value) => this.value = value ? (byte)1 : (byte)0;

    public static implicit operator NativeBool(bool value) => new(value);

    public static implicit operator bool(NativeBool value) => value.value != 0;
}

/// <summary>Element type, device and gradient flag of a tensor that is made.</summary>
internal readonly record struct NativeOptions(int Type, int Device, int Index, int RequiresGrad);

/// <summary>
/// The functions of native/lpzero_torch.cpp. A tensor's handle is its address there; 0 or false means failure,
/// whose reason <see cref="Failure"/> fetches.
/// </summary>
internal static unsafe partial class Native
{
    private const string Library = "lpzero_torch";
    private const string FileName = "lib" + Library + ".so";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return 0;
        var path = Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(path))
            throw new DllNotFoundException(
                $"{FileName} is not beside the program ({AppContext.BaseDirectory}): run `./lpzero setup`, which builds it and then the solution.");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"{FileName} cannot be loaded, most likely because libtorch is missing or has changed: run `./lpzero setup`. The loader says: {e.Message}", e);
        }
    }

    /// <summary>The exception for the call that just failed on this thread.</summary>
    public static ExternalException Failure(string operation, params ReadOnlySpan<torch.Tensor?> operands)
    {
        var reason = Marshal.PtrToStringUTF8(torch_last_error()) ?? "unknown";
        var shapes = new List<string>();
        foreach (var operand in operands)
        {
            if (operand is not null)
                shapes.Add($"[{string.Join(", ", operand.shape)}]");
        }
        return new ExternalException(shapes.Count == 0
            ? $"{operation} failed: {reason}"
            : $"{operation} of {string.Join(" and ", shapes)} failed: {reason}");
    }

    /// <summary>Throws when a function without operands failed.</summary>
    public static void Check(bool succeeded, [CallerMemberName] string operation = "")
    {
        if (!succeeded)
            throw Failure(operation);
    }

    // Errors, version, threads, devices.
    [LibraryImport(Library)] internal static partial nint torch_last_error();
    [LibraryImport(Library)] internal static partial nint torch_version();
    [LibraryImport(Library)] internal static partial NativeBool torch_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial NativeBool torch_get_num_threads(out int count);
    [LibraryImport(Library)] internal static partial NativeBool torch_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial NativeBool torch_get_num_interop_threads(out int count);
    [LibraryImport(Library)] internal static partial NativeBool torch_cuda_device_count(out int count);
    [LibraryImport(Library)] internal static partial NativeBool torch_cuda_synchronize(int index);

    // Life and properties.
    [LibraryImport(Library)] internal static partial void torch_dispose(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_shape(nint x, long* sizes, long* strides, int capacity, out int dimensions);
    [LibraryImport(Library)] internal static partial NativeBool torch_device(nint x, out int type, out int index);
    [LibraryImport(Library)] internal static partial int torch_type(nint x);
    [LibraryImport(Library)] internal static partial long torch_numel(nint x);
    [LibraryImport(Library)] internal static partial long torch_element_size(nint x);
    [LibraryImport(Library)] internal static partial long torch_dim(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_is_contiguous(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_is_leaf(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_requires_grad(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_data(nint x, out nint data);
    [LibraryImport(Library)] internal static partial NativeBool torch_item(nint x, out NativeNumber value);

    // Creation.
    [LibraryImport(Library)] internal static partial nint torch_from_bytes(ReadOnlySpan<byte> bytes, int sourceType, ReadOnlySpan<long> sizes, int dimensions, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_empty(ReadOnlySpan<long> sizes, int dimensions, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_zeros(ReadOnlySpan<long> sizes, int dimensions, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_full(ReadOnlySpan<long> sizes, int dimensions, NativeNumber value, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_arange(NativeNumber start, NativeNumber stop, NativeNumber step, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_eye(long rows, long columns, NativeOptions options);
    [LibraryImport(Library)] internal static partial nint torch_to(nint x, NativeOptions options, NativeBool copy, NativeBool nonBlocking);
    [LibraryImport(Library)] internal static partial nint torch_clone(nint x);
    [LibraryImport(Library)] internal static partial nint torch_detach(nint x);
    [LibraryImport(Library)] internal static partial nint torch_contiguous(nint x);

    // Arithmetic.
    [LibraryImport(Library)] internal static partial nint torch_abs(nint x);
    [LibraryImport(Library)] internal static partial nint torch_log(nint x);
    [LibraryImport(Library)] internal static partial nint torch_exp(nint x);
    [LibraryImport(Library)] internal static partial nint torch_sqrt(nint x);
    [LibraryImport(Library)] internal static partial nint torch_rsqrt(nint x);
    [LibraryImport(Library)] internal static partial nint torch_square(nint x);
    [LibraryImport(Library)] internal static partial nint torch_neg(nint x);
    [LibraryImport(Library)] internal static partial nint torch_reciprocal(nint x);
    [LibraryImport(Library)] internal static partial nint torch_sigmoid(nint x);
    [LibraryImport(Library)] internal static partial nint torch_tanh(nint x);
    [LibraryImport(Library)] internal static partial nint torch_erf(nint x);
    [LibraryImport(Library)] internal static partial nint torch_sin(nint x);
    [LibraryImport(Library)] internal static partial nint torch_cos(nint x);
    [LibraryImport(Library)] internal static partial nint torch_relu(nint x);
    [LibraryImport(Library)] internal static partial nint torch_sign(nint x);
    [LibraryImport(Library)] internal static partial nint torch_add(nint x, nint y, NativeNumber alpha);
    [LibraryImport(Library)] internal static partial nint torch_sub(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_mul(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_div(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_pow(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_maximum(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_minimum(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_matmul(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_mm(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_bmm(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_add_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_sub_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_mul_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_div_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_pow_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial NativeBool torch_add_(nint x, nint y, NativeNumber alpha);
    [LibraryImport(Library)] internal static partial NativeBool torch_sub_(nint x, nint y);
    [LibraryImport(Library)] internal static partial NativeBool torch_mul_(nint x, nint y);
    [LibraryImport(Library)] internal static partial NativeBool torch_div_(nint x, nint y);
    [LibraryImport(Library)] internal static partial NativeBool torch_add_scalar_(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial NativeBool torch_sub_scalar_(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial NativeBool torch_mul_scalar_(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial NativeBool torch_div_scalar_(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial NativeBool torch_addcmul_(nint x, nint y, nint z, NativeNumber value);
    [LibraryImport(Library)] internal static partial NativeBool torch_addcdiv_(nint x, nint y, nint z, NativeNumber value);
    [LibraryImport(Library)] internal static partial NativeBool torch_copy_(nint x, nint y, NativeBool nonBlocking);
    [LibraryImport(Library)] internal static partial NativeBool torch_zero_(nint x);
    [LibraryImport(Library)] internal static partial NativeBool torch_fill_(nint x, NativeNumber value);
    [LibraryImport(Library)] internal static partial nint torch_clamp(nint x, NativeNumber minimum, NativeNumber maximum);
    [LibraryImport(Library)] internal static partial nint torch_nan_to_num(nint x, double nan, double* positive, double* negative);

    // Comparison and selection.
    [LibraryImport(Library)] internal static partial nint torch_eq(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_ne(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_gt(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_ge(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_lt(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_le(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_logical_and(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_logical_or(nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_logical_not(nint x);
    [LibraryImport(Library)] internal static partial nint torch_eq_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_ne_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_gt_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_ge_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_lt_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_le_scalar(nint x, NativeNumber y);
    [LibraryImport(Library)] internal static partial nint torch_isnan(nint x);
    [LibraryImport(Library)] internal static partial nint torch_isinf(nint x);
    [LibraryImport(Library)] internal static partial nint torch_isfinite(nint x);
    [LibraryImport(Library)] internal static partial nint torch_all(nint x);
    [LibraryImport(Library)] internal static partial nint torch_any(nint x);
    [LibraryImport(Library)] internal static partial nint torch_where(nint condition, nint x, nint y);
    [LibraryImport(Library)] internal static partial nint torch_masked_fill(nint x, nint mask, NativeNumber value);
    [LibraryImport(Library)] internal static partial nint torch_gather(nint x, long dim, nint index);
    [LibraryImport(Library)] internal static partial nint torch_index_select(nint x, long dim, nint index);
    [LibraryImport(Library)] internal static partial NativeBool torch_allclose(nint x, nint y, double relative, double absolute, NativeBool equalNan, out NativeBool result);

    // Reductions.
    [LibraryImport(Library)] internal static partial nint torch_sum(nint x, int type);
    [LibraryImport(Library)] internal static partial nint torch_mean(nint x);
    [LibraryImport(Library)] internal static partial nint torch_std(nint x, NativeBool unbiased);
    [LibraryImport(Library)] internal static partial nint torch_min(nint x);
    [LibraryImport(Library)] internal static partial nint torch_max(nint x);
    [LibraryImport(Library)] internal static partial nint torch_norm(nint x, double p);
    [LibraryImport(Library)] internal static partial nint torch_sum_dims(nint x, ReadOnlySpan<long> dims, int count, NativeBool keepdim, int type);
    [LibraryImport(Library)] internal static partial nint torch_mean_dims(nint x, ReadOnlySpan<long> dims, int count, NativeBool keepdim, int type);
    [LibraryImport(Library)] internal static partial nint torch_std_dims(nint x, ReadOnlySpan<long> dims, int count, NativeBool unbiased, NativeBool keepdim);
    [LibraryImport(Library)] internal static partial nint torch_amin(nint x, ReadOnlySpan<long> dims, int count, NativeBool keepdim);
    [LibraryImport(Library)] internal static partial nint torch_amax(nint x, ReadOnlySpan<long> dims, int count, NativeBool keepdim);
    [LibraryImport(Library)] internal static partial nint torch_norm_dim(nint x, long dim, NativeBool keepdim, double p);
    [LibraryImport(Library)] internal static partial nint torch_argmax(nint x, long dim, NativeBool keepdim);
    [LibraryImport(Library)] internal static partial nint torch_softmax(nint x, long dim, int type);
    [LibraryImport(Library)] internal static partial nint torch_log_softmax(nint x, long dim, int type);

    // Shapes.
    [LibraryImport(Library)] internal static partial nint torch_transpose(nint x, long dim0, long dim1);
    [LibraryImport(Library)] internal static partial nint torch_permute(nint x, ReadOnlySpan<long> dims, int count);
    [LibraryImport(Library)] internal static partial nint torch_view(nint x, ReadOnlySpan<long> sizes, int count);
    [LibraryImport(Library)] internal static partial nint torch_reshape(nint x, ReadOnlySpan<long> sizes, int count);
    [LibraryImport(Library)] internal static partial nint torch_expand(nint x, ReadOnlySpan<long> sizes, int count);
    [LibraryImport(Library)] internal static partial nint torch_flip(nint x, ReadOnlySpan<long> dims, int count);
    [LibraryImport(Library)] internal static partial nint torch_flatten(nint x, long start, long end);
    [LibraryImport(Library)] internal static partial nint torch_unsqueeze(nint x, long dim);
    [LibraryImport(Library)] internal static partial nint torch_squeeze(nint x);
    [LibraryImport(Library)] internal static partial nint torch_squeeze_dim(nint x, long dim);
    [LibraryImport(Library)] internal static partial nint torch_narrow(nint x, long dim, long start, long length);
    [LibraryImport(Library)] internal static partial nint torch_slice(nint x, long dim, long start, long finish, long step);
    [LibraryImport(Library)] internal static partial nint torch_select(nint x, long dim, long index);
    [LibraryImport(Library)] internal static partial nint torch_tril(nint x, long diagonal);
    [LibraryImport(Library)] internal static partial nint torch_triu(nint x, long diagonal);
    [LibraryImport(Library)] internal static partial nint torch_cat(ReadOnlySpan<nint> list, int count, long dim);
    [LibraryImport(Library)] internal static partial nint torch_stack(ReadOnlySpan<nint> list, int count, long dim);

    // Fourier transforms.
    [LibraryImport(Library)] internal static partial nint torch_fft2(nint x, long* sizes, int sizeCount, ReadOnlySpan<long> dims, int dimCount, int norm);
    [LibraryImport(Library)] internal static partial nint torch_rfft(nint x, long n, long dim, int norm);
    [LibraryImport(Library)] internal static partial nint torch_real(nint x);
    [LibraryImport(Library)] internal static partial nint torch_view_as_real(nint x);

    // Building blocks of networks.
    [LibraryImport(Library)] internal static partial nint torch_linear(nint x, nint weight, nint bias);
    [LibraryImport(Library)] internal static partial nint torch_gelu(nint x, NativeBool byTanh);
    [LibraryImport(Library)] internal static partial nint torch_layer_norm(nint x, ReadOnlySpan<long> sizes, int count, nint weight, nint bias, double epsilon);
    [LibraryImport(Library)] internal static partial nint torch_cross_entropy(nint x, nint target, nint weight, long ignoreIndex, long reduction, double smoothing);
    [LibraryImport(Library)] internal static partial nint torch_conv1d(nint x, nint weight, nint bias, long stride, long padding, long dilation, long groups);
    [LibraryImport(Library)] internal static partial nint torch_unfold(nint x, ReadOnlySpan<long> kernel, ReadOnlySpan<long> dilation, ReadOnlySpan<long> padding, ReadOnlySpan<long> stride);

    // Automatic differentiation.
    [LibraryImport(Library)] internal static partial NativeBool torch_set_grad_enabled(NativeBool enabled);
    [LibraryImport(Library)] internal static partial NativeBool torch_is_grad_enabled();
    [LibraryImport(Library)] internal static partial NativeBool torch_set_requires_grad(nint x, NativeBool requiresGrad);
    [LibraryImport(Library)] internal static partial NativeBool torch_grad(nint x, out nint gradient);
    [LibraryImport(Library)] internal static partial NativeBool torch_set_grad(nint x, nint gradient);
    [LibraryImport(Library)] internal static partial NativeBool torch_backward(ReadOnlySpan<nint> outputs, int outputCount, ReadOnlySpan<nint> gradients, int gradientCount, NativeBool retainGraph, NativeBool createGraph, ReadOnlySpan<nint> inputs, int inputCount);
    [LibraryImport(Library)] internal static partial NativeBool torch_autograd_grad(ReadOnlySpan<nint> outputs, int outputCount, ReadOnlySpan<nint> inputs, int inputCount, ReadOnlySpan<nint> gradients, int gradientCount, NativeBool retainGraph, NativeBool createGraph, NativeBool allowUnused, Span<nint> results);
}
