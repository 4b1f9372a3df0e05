namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>Gradients. On the CPU they are computed by the calling thread.</summary>
    public static class autograd
    {
        /// <summary>
        /// The gradients of the outputs (each times its <paramref name="grad_outputs"/>, summed) with respect to the
        /// inputs. An input that was not used is an error, or with <paramref name="allow_unused"/> gives a tensor
        /// that is <see cref="Tensor.IsInvalid"/>.
        /// </summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var outputHandles = Handles(outputs);
            var inputHandles = Handles(inputs);
            var gradientHandles = Handles(grad_outputs);
            var results = new nint[inputHandles.Length];
            var succeeded = Native.torch_autograd_grad(
                outputHandles, outputHandles.Length, inputHandles, inputHandles.Length, gradientHandles, gradientHandles.Length,
                retain_graph, create_graph, allow_unused, results);
            if (!succeeded)
                throw Native.Failure("autograd.grad", [.. outputs]);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, handle => new Tensor(handle));
        }

        /// <summary>Adds the gradients of the tensors (each times its <paramref name="grad_tensors"/>) to the leaves, or the inputs given, that they were computed from.</summary>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var outputHandles = Handles(tensors);
            var gradientHandles = Handles(grad_tensors);
            var inputHandles = Handles(inputs);
            var succeeded = Native.torch_backward(
                outputHandles, outputHandles.Length, gradientHandles, gradientHandles.Length, retain_graph ?? create_graph,
                create_graph, inputHandles, inputHandles.Length);
            if (!succeeded)
                throw Native.Failure("backward", [.. tensors]);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }
    }

    /// <summary>Until it is disposed nothing is recorded for gradients on the calling thread.</summary>
    public static IDisposable no_grad() => new GradientMode(false);

    /// <summary>Until it is disposed operations are recorded (or not) for gradients on the calling thread.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    /// <summary>Whether operations on the calling thread are recorded for gradients.</summary>
    public static bool is_grad_enabled() => Native.torch_is_grad_enabled();

    internal static nint[] Handles(IEnumerable<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor.Handle)];

    private sealed class GradientMode(bool enabled) : IDisposable
    {
        private readonly NativeBool before = Native.torch_set_grad_enabled(enabled);

        public void Dispose() => Native.torch_set_grad_enabled(before);
    }
}
