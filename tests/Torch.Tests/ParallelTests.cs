#if !TORCHSHARP
using System.Runtime.InteropServices;
using LPZero.Torch.Runtime;
#endif

namespace LPZero.Torch.Tests;

public class ParallelTests : TensorTest
{
    [Fact]
    public void Two_threads_side_by_side_compute_the_bits_that_one_computes()
    {
        var alone = Enumerable.Range(0, 4).Select(GradientBits).ToArray();
        var together = new byte[4][];
        var threads = Enumerable.Range(0, 2).Select(t => new Thread(() =>
        {
            together[t] = GradientBits(t);
            together[t + 2] = GradientBits(t + 2);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(alone, together);
        Assert.NotEqual(alone[0], alone[1]);
    }

    [Fact]
    public void The_number_of_threads_of_an_operation_holds_on_threads_that_start_later()
    {
        var seen = 0;
        var thread = new Thread(() => seen = get_num_threads());
        thread.Start();
        thread.Join();

        Assert.Equal(1, get_num_threads());
        Assert.Equal(1, seen);
    }

#if !TORCHSHARP
    [OpenBlasFact]
    public unsafe void OpenBLAS_takes_over_the_number_of_threads()
    {
        var mapping = File.ReadLines("/proc/self/maps").First(line => line.Contains("/libopenblas", StringComparison.Ordinal));
        var library = NativeLibrary.Load(mapping[mapping.IndexOf('/', StringComparison.Ordinal)..]);

        var threads = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "openblas_get_num_threads"))();

        NativeLibrary.Free(library);
        Assert.Equal(1, threads);
    }
#endif

    // A forward and backward pass through what a transformer layer consists of, large enough that products, sums
    // and element operations would be split over threads if they were allowed to.
    private static byte[] GradientBits(int seed)
    {
        using var inner = NewDisposeScope();
        const int Batch = 4, Length = 64, Width = 128, Heads = 4;
        var random = new Random(seed);
        Tensor Drawn(params long[] shape)
        {
            var numbers = new float[shape.Aggregate(1L, (product, size) => product * size)];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (float)((random.NextDouble() - 0.5) / 8);
            return tensor(numbers, shape);
        }

        var weights = new[] { Drawn(3 * Width, Width), Drawn(4 * Width, Width), Drawn(Width, 4 * Width) };
        foreach (var weight in weights)
            weight.requires_grad_();
        var x = Drawn(Batch, Length, Width);
        var mixed = nn.functional.linear(x, weights[0]).view(Batch, Length, 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4);
        var attention = (mixed[0].matmul(mixed[1].transpose(-2, -1)) / Math.Sqrt(Width / Heads)).softmax(-1);
        var attended = x + attention.matmul(mixed[2]).transpose(1, 2).reshape(Batch, Length, Width);
        var hidden = nn.functional.gelu(nn.functional.linear(nn.functional.layer_norm(attended, [Width]), weights[1]));
        var loss = (nn.functional.linear(hidden, weights[2]) * Drawn(Batch, Length, Width)).sum();
        var gradients = autograd.grad([loss], weights);
        return [.. gradients.SelectMany(gradient => gradient.contiguous().bytes.ToArray())];
    }

#if !TORCHSHARP
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class OpenBlasFactAttribute : FactAttribute
    {
        public OpenBlasFactAttribute()
        {
            _ = __version__;
            var blas = TorchBackend.Detect().Blas;
            if (!blas.StartsWith("OpenBLAS", StringComparison.Ordinal))
                Skip = $"libtorch uses {blas} here.";
        }
    }
#endif
}
