using System.Runtime.InteropServices;

namespace LPZero.Torch.Tests;

public class ErrorTests
{
    [Fact]
    public void Matmul_of_unfitting_shapes_is_a_managed_exception_that_names_the_operation_and_the_shapes()
    {
        using var scope = NewDisposeScope();
        var left = zeros([2, 3]);
        var right = zeros([4, 5]);

        var error = Assert.Throws<ExternalException>(() => left.matmul(right));

        Assert.Contains("matmul of [2, 3] and [4, 5] failed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception raised from", error.Message, StringComparison.Ordinal);
        Assert.Equal(10f, ones([2, 5]).sum().item<float>());
    }
}
