using LPZero.GpuNode.Proxies;

namespace LPZero.GpuNode.Tests.Proxies;

public sealed class ElementSumsTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(3, 50_000)] // a row of it is more than a piece
    [InlineData(401, 1_000)] // several pieces, the last a smaller one
    public void The_sum_is_that_over_all_elements_wherever_they_lie(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var first = randn([rows, columns]);
        var second = randn([columns, rows]).transpose(0, 1);
        var expected = Evidence.Numbers(first).Zip(Evidence.Numbers(second)).Sum(pair => (double)(float)(pair.First * pair.Second));
        var size = Evidence.Numbers(first).Zip(Evidence.Numbers(second)).Sum(pair => Math.Abs(pair.First * pair.Second));
        Assert.Equal(expected, ElementSums.Of(first, second, (one, other) => one * other), 1e-12 * size);
    }

    [Fact]
    public void A_kernel_is_summed_as_a_matrix_is()
    {
        using var scope = NewDisposeScope();
        var kernel = arange(60, dtype: ScalarType.Float32).reshape(5, 4, 3);
        Assert.Equal(59 * 60 / 2, ElementSums.Of(kernel, kernel, (one, _) => one));
    }
}
