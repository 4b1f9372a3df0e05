namespace LPZero.Torch.Tests;

/// <summary>
/// A test whose tensors live in one dispose scope. When it ends, the thread's live count must be what it was: every
/// test is a leak test. Operations use one thread, since the tests themselves run side by side.
/// </summary>
public abstract class TensorTest : IDisposable
{
    private readonly long liveBefore;
    private readonly DisposeScope scope;

    static TensorTest() => set_num_threads(1);

    protected TensorTest()
    {
        liveBefore = LiveCount;
        scope = NewDisposeScope();
    }

    protected static long LiveCount => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    public void Dispose()
    {
        scope.Dispose();
        Assert.Equal(liveBefore, LiveCount);
        GC.SuppressFinalize(this);
    }

    /// <summary>A float tensor of the given shape with 0, 1, 2, ...</summary>
    protected static Tensor Counting(params long[] shape) =>
        arange(shape.Aggregate(1L, (product, size) => product * size), float32).reshape(shape);

    /// <summary>Asserts shape and values, to a relative and absolute difference of 1e-5.</summary>
    protected static void AssertTensor(long[] shape, double[] values, Tensor actual)
    {
        Assert.Equal(shape, actual.shape);
        var numbers = actual.to(float64).data<double>().ToArray();
        Assert.Equal(values.Length, numbers.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var equal = double.IsNaN(values[i]) ? double.IsNaN(numbers[i])
                : double.IsInfinity(values[i]) ? numbers[i].Equals(values[i])
                : Math.Abs(numbers[i] - values[i]) <= 1e-5 * Math.Max(1, Math.Abs(values[i]));
            Assert.True(equal, $"element {i} is {numbers[i]}, expected {values[i]}");
        }
    }
}
