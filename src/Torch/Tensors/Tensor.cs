using System.Runtime.CompilerServices;

namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>
    /// An array of numbers on a device, with its history where gradients are asked for. Disposed by its dispose
    /// scope, by hand, or by the finalizer.
    /// </summary>
    /// <remarks>
    /// Unless a method says otherwise it throws <see cref="System.Runtime.InteropServices.ExternalException"/>, which
    /// names the operation and its operands' shapes, for what libtorch refuses, and
    /// <see cref="ObjectDisposedException"/> for a disposed tensor.
    /// </remarks>
    public sealed partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;
        private nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            if (handle == 0)
            {
                // Stands for the gradient of an input that was not used; there is nothing to free or to count.
                GC.SuppressFinalize(this);
                return;
            }
            var live = Interlocked.Increment(ref totalCount);
            for (var peak = Volatile.Read(ref peakCount); live > peak;)
                peak = Interlocked.CompareExchange(ref peakCount, live, peak);
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        /// <summary>Frees the tensor that nobody disposed.</summary>
        ~Tensor() => Release();

        /// <summary>The number of tensors that live now, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The largest number of tensors that have lived at one time.</summary>
        public static long PeakCount => Interlocked.Read(ref peakCount);

        /// <summary>Whether the tensor is disposed.</summary>
        public bool IsInvalid => handle == 0;

        /// <summary>The address of the native tensor.</summary>
        /// <exception cref="ObjectDisposedException">The tensor is disposed.</exception>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(handle == 0, this);
                return handle;
            }
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Frees the tensor, and its data unless another tensor views it.</summary>
        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        /// <summary>Gives the tensor to the scope around the one that owns it (to nobody where there is none), and returns it.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of all dispose scopes, so that its holder disposes it, and returns it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Element type, device and shape.</summary>
        public override string ToString() => IsInvalid ? "[disposed]" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        private void Release()
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released == 0)
                return;
            DisposeScopeManager.ThreadSingleton.CountDisposal(this);
            OwningDisposeScope?.Forget(this);
            Interlocked.Decrement(ref totalCount);
            Native.torch_dispose(released);
        }

        // Passing the operands keeps them alive until the native call is over, besides naming their shapes.
        internal static Tensor Made(nint result, Tensor? first = null, Tensor? second = null, Tensor? third = null, [CallerMemberName] string operation = "") =>
            result != 0 ? new Tensor(result) : throw Native.Failure(operation, first, second, third);

        internal static void Done(bool succeeded, Tensor first, Tensor? second = null, Tensor? third = null, [CallerMemberName] string operation = "")
        {
            if (!succeeded)
                throw Native.Failure(operation, first, second, third);
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }

        private Tensor Changed(bool succeeded, Tensor? second = null, Tensor? third = null, [CallerMemberName] string operation = "")
        {
            Done(succeeded, this, second, third, operation);
            return this;
        }
    }

    /// <summary>Opens a dispose scope on the calling thread.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();
}
