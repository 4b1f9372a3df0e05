using LPZero.GpuNode.Training;

namespace LPZero.GpuNode.Tests.Training;

public class AdamTests
{
    [Fact]
    public void The_first_step_is_the_learning_rate_against_the_gradients_sign()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 1, 1, 1 });
        var stepped = new Adam(values, gradientNorm: 100).Step(tensor(new float[] { 3, -0.5f, 0 }), 0.1);
        Assert.True(stepped);
        AssertClose([0.9, 1.1, 1], values);
    }

    [Fact]
    public void Two_steps_agree_with_the_formula()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 1 });
        var adam = new Adam(values, gradientNorm: 100);
        adam.Step(tensor(new float[] { 2 }), 0.1);
        adam.Step(tensor(new float[] { -1 }), 0.1);

        var first = ((0.9 * 0.1 * 2) + (0.1 * -1)) / (1 - (0.9 * 0.9));
        var second = ((0.98 * 0.02 * 4) + (0.02 * 1)) / (1 - (0.98 * 0.98));
        AssertClose([1 - 0.1 - (0.1 * first / Math.Sqrt(second))], values);
    }

    [Fact]
    public void A_large_gradient_is_scaled_to_the_norm()
    {
        using var scope = NewDisposeScope();
        var gradient = tensor(new float[] { 30, 40 });
        new Adam(tensor(new float[] { 0, 0 }), gradientNorm: 5).Step(gradient, 0.1);
        AssertClose([3, 4], gradient);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 1, 2 });
        Assert.False(new Adam(values, gradientNorm: 1).Step(tensor(new float[] { 1, float.NaN }), 0.1));
        AssertClose([1, 2], values);
    }

    private static void AssertClose(double[] expected, Tensor actual)
    {
        var values = actual.data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
