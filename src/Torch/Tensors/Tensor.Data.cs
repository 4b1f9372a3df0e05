using LPZero.Torch.Utils;

namespace LPZero.Torch;

public static partial class torch
{
    public sealed partial class Tensor
    {
        private const int MaximumDimensions = 64;

        /// <summary>The size of each dimension.</summary>
        public long[] shape => ShapeAndStrides().Sizes;

        /// <summary>For each dimension, the distance in storage between neighbours along it.</summary>
        public long[] stride() => ShapeAndStrides().Strides;

        /// <summary>The number of dimensions.</summary>
        public long dim()
        {
            var result = Native.torch_dim(Handle);
            GC.KeepAlive(this);
            return result;
        }

        /// <summary>The number of dimensions.</summary>
        public long ndim => dim();

        /// <summary>The number of elements.</summary>
        public long numel()
        {
            var result = Native.torch_numel(Handle);
            GC.KeepAlive(this);
            return result;
        }

        /// <summary>The size of one element in bytes.</summary>
        public long element_size()
        {
            var result = Native.torch_element_size(Handle);
            GC.KeepAlive(this);
            return result;
        }

        /// <summary>The size of one dimension; negative ones count from the end.</summary>
        /// <exception cref="IndexOutOfRangeException">There is no such dimension.</exception>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        /// <summary>The type of the elements.</summary>
        public ScalarType dtype
        {
            get
            {
                var result = (ScalarType)Native.torch_type(Handle);
                GC.KeepAlive(this);
                return result;
            }
        }

        /// <summary>The device that holds the elements.</summary>
        public Device device
        {
            get
            {
                Done(Native.torch_device(Handle, out var type, out var index), this);
                return type == (int)DeviceType.CPU ? CPU : new Device((DeviceType)type, index);
            }
        }

        /// <summary>Whether the elements lie in storage in the order of their indices, without gaps.</summary>
        public bool is_contiguous()
        {
            var result = Native.torch_is_contiguous(Handle);
            GC.KeepAlive(this);
            return result;
        }

        /// <summary>The elements' memory: reading and writing it reads and writes the tensor. Keep the tensor alive meanwhile.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous or not on the CPU.</exception>
        /// <exception cref="ArgumentException">It is larger than a span can be.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("The bytes of a tensor that is not contiguous cannot be seen: use contiguous() first.");
                var length = numel() * element_size();
                if (length > int.MaxValue)
                    throw new ArgumentException("The tensor is larger than a span can be.");
                return new Span<byte>(DataOnCpu(), (int)length);
            }
        }

        /// <summary>The elements in the order of their indices, copied to the CPU where they are not there.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the element type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            if (ElementType(typeof(T)) != dtype)
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            return new TensorAccessor<T>(device.type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The only element.</summary>
        /// <exception cref="ArgumentException">There are more or fewer, or <typeparamref name="T"/> is not the element type.</exception>
        public T item<T>()
            where T : unmanaged
        {
            if (numel() != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            if (ElementType(typeof(T)) != dtype)
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            Done(Native.torch_item(Handle, out var value), this);
            var scalar = new Scalar(value);
            object boxed = dtype switch
            {
                ScalarType.Float32 => scalar.ToSingle(),
                ScalarType.Float64 => scalar.ToDouble(),
                ScalarType.Int64 => scalar.ToInt64(),
                ScalarType.Int32 => (int)scalar.ToInt64(),
                ScalarType.Byte => (byte)scalar.ToInt64(),
                _ => scalar.ToBoolean(),
            };
            return (T)boxed;
        }

        /// <summary>The only element, as a number of its own type.</summary>
        public Scalar ToScalar()
        {
            Done(Native.torch_item(Handle, out var value), this);
            return new Scalar(value);
        }

        /// <summary>A tensor of another element type. A view of this one where nothing changes, unless a copy is asked for.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);

        /// <summary>A tensor on another device. A view of this one where nothing changes, unless a copy is asked for.</summary>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(dtype, device, copy, disposeAfter, non_blocking);

        /// <summary>A tensor of another element type on another device. A view of this one where nothing changes, unless a copy is asked for.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            To(type, device, copy, disposeAfter, non_blocking);

        /// <summary>The tensor on the CPU; a view of this one where it is there.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>The tensor on a graphics processor, the current one for none; a view of this one where it is there.</summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        /// <summary>A copy that gradients flow through.</summary>
        public Tensor clone() => Made(Native.torch_clone(Handle), this);

        /// <summary>The same elements in the order of their indices; a view of this one where they are.</summary>
        public Tensor contiguous() => Made(Native.torch_contiguous(Handle), this);

        /// <summary>Copies the elements of another tensor, broadcast to this one's shape, into this one, and returns this.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Changed(Native.torch_copy_(Handle, source.Handle, nonBlocking), source);

        /// <summary>Sets every element to zero, and returns this.</summary>
        public Tensor zero_() => Changed(Native.torch_zero_(Handle));

        /// <summary>Sets every element to a value, and returns this.</summary>
        public Tensor fill_(Scalar value) => Changed(Native.torch_fill_(Handle, value.Number));

        internal unsafe (long[] Sizes, long[] Strides) ShapeAndStrides()
        {
            var sizes = stackalloc long[MaximumDimensions];
            var strides = stackalloc long[MaximumDimensions];
            if (!Native.torch_shape(Handle, sizes, strides, MaximumDimensions, out var count))
                throw Native.Failure("shape");
            GC.KeepAlive(this);
            return (new Span<long>(sizes, count).ToArray(), new Span<long>(strides, count).ToArray());
        }

        internal unsafe void* DataOnCpu()
        {
            if (device.type != DeviceType.CPU)
                throw new InvalidOperationException("Only memory of the CPU can be read: use cpu() first.");
            Done(Native.torch_data(Handle, out var address), this);
            return (void*)address;
        }

        private Tensor To(ScalarType type, Device target, bool copy, bool disposeAfter, bool nonBlocking)
        {
            InitializeDevice(target);
            var result = Made(Native.torch_to(Handle, new NativeOptions((int)type, (int)target.type, target.index, 0), copy, nonBlocking), this, operation: "to");
            if (disposeAfter)
                Dispose();
            return result;
        }
    }
}
