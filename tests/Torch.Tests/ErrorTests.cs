using System.Runtime.InteropServices;

namespace LPZero.Torch.Tests;

public class ErrorTests : TensorTest
{
#if !TORCHSHARP // there it ends the process, so shapes are checked before
    [Fact]
    public void Matmul_of_unfitting_shapes_is_a_managed_exception_and_the_process_lives()
    {
        var left = zeros([2, 3]);
        var right = zeros([4, 5]);

        var error = Assert.Throws<ExternalException>(() => left.matmul(right));

        Assert.StartsWith("matmul of [2, 3] and [4, 5] failed: ", error.Message, StringComparison.Ordinal);
        AssertTensor([2, 2], [3, 3, 3, 3], ones([2, 3]).matmul(ones([3, 2])));
    }
#endif

    [Fact]
    public void What_libtorch_refuses_is_a_managed_exception()
    {
        var x = Counting(2, 3);

        Assert.Throws<ExternalException>(() => x.view(4, 4));
        Assert.Throws<ExternalException>(() => x + zeros([2]));
        Assert.Throws<ExternalException>(() => x.select(0, 9));
        Assert.Throws<ExternalException>(() => x.permute(0, 0));
        Assert.Throws<ExternalException>(() => cat([x, zeros([3, 2])]));
        Assert.Throws<ExternalException>(() => x.sum().backward());
        Assert.Throws<ExternalException>(() => zeros([-1]));
        Assert.Throws<ExternalException>(() => x.index_select(0, tensor(new long[] { 7 })));
        Assert.Throws<ExternalException>(() => nn.functional.conv1d(x, x));
    }

    [Fact]
    public void Memory_that_does_not_exist_is_a_managed_exception() =>
        Assert.Throws<ExternalException>(() => zeros([1L << 50]));

#if !TORCHSHARP
    [Fact]
    public void The_message_names_the_operation_and_the_shapes_and_no_native_stack()
    {
        var error = Assert.Throws<ExternalException>(() => Counting(2, 3).add_(zeros([4])));

        Assert.StartsWith("add_ of [2, 3] and [4] failed: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception raised from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_of_two_threads_do_not_mix()
    {
        string[] messages = new string[2];
        var threads = Enumerable.Range(0, 2).Select(t => new Thread(() =>
        {
            using var inner = NewDisposeScope();
            for (var i = 0; i < 200; i++)
                messages[t] = Assert.Throws<ExternalException>(() => zeros([t + 1]).view(7)).Message;
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Contains("view of [1]", messages[0], StringComparison.Ordinal);
        Assert.Contains("size 1", messages[0], StringComparison.Ordinal);
        Assert.Contains("view of [2]", messages[1], StringComparison.Ordinal);
        Assert.Contains("size 2", messages[1], StringComparison.Ordinal);
    }
#endif

    [Fact]
    public void A_disposed_tensor_is_refused_as_operand()
    {
        var x = ones([2]);
        var disposed = ones([2]);
        disposed.Dispose();

        // TorchSharp throws InvalidOperationException, which ObjectDisposedException is a kind of.
        Assert.ThrowsAny<InvalidOperationException>(() => x + disposed);
        Assert.ThrowsAny<InvalidOperationException>(() => disposed.shape);
    }
}
