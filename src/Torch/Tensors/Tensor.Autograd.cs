namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        /// <summary>Whether operations on the tensor are recorded for gradients.</summary>
        public bool requires_grad
        {
            get
            {
                var result = Native.torch_requires_grad(Handle);
                GC.KeepAlive(this);
                return result;
            }
            set => Done(Native.torch_set_requires_grad(Handle, value), this);
        }

        /// <summary>Whether the tensor is no result of a recorded operation.</summary>
        public bool is_leaf
        {
            get
            {
                var result = Native.torch_is_leaf(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        /// <summary>What backward has accumulated for this leaf; null before, and when it is set to null.</summary>
        public Tensor? grad
        {
            get
            {
                Done(Native.torch_grad(Handle, out var gradient), this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set => Done(Native.torch_set_grad(Handle, value?.Handle ?? 0), this, value);
        }

        /// <summary>Starts or stops the recording, and returns this.</summary>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>The same elements without history.</summary>
        public Tensor detach() => Made(Native.torch_detach(Handle), this);

        /// <summary>Adds the gradient of this scalar to the leaves that it was computed from.</summary>
        public void backward() => autograd.backward([this]);

        /// <summary>Adds the gradient of this, times <paramref name="grad_tensors"/>, to the leaves (or the inputs given) that it was computed from.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
