namespace LPZero.GpuNode.Tests.Binding;

/// <summary>
/// Why <see cref="KeptScalar"/> exists: TorchSharp's Scalars are freed by finalizers, and those that it makes itself may be freed while
/// libtorch reads them. Its operations give the right numbers while another thread collects garbage without a pause.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class KeptScalarTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Operations_with_numbers_are_right_while_garbage_is_collected()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var x = tensor(new double[] { 3 });
            for (var i = 1; i <= Rounds; i++)
            {
                using var scope = NewDisposeScope();
                Assert.Equal(3.0 + i, x.Plus(i).item<double>());
                Assert.Equal(3.0 - i, x.Minus(i).item<double>());
                Assert.Equal(3.0 / i, x.Over(i).item<double>());
                Assert.Equal(6.0, x.Plus(x).item<double>());
                Assert.Equal(9.0, x.Squared().item<double>());
                Assert.Equal(3.0 * i, KeptScalar.Use(i, x.mul).item<double>());
                Assert.Equal(0.0, x.masked_fill(x.gt(KeptScalar.Zero), KeptScalar.Zero).item<double>());
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }
}
