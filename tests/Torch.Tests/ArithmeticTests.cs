using System.Globalization;

namespace LPZero.Torch.Tests;

public class ArithmeticTests : TensorTest
{
    private static readonly double[] Inputs = [-2, -0.5, 0, 0.5, 3];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Operation, Func<double, double> Expected)> Unary = new(StringComparer.Ordinal)
    {
        ["abs"] = (x => x.abs(), Math.Abs),
        ["log"] = (x => x.log(), Math.Log),
        ["exp"] = (x => x.exp(), Math.Exp),
        ["sqrt"] = (x => x.sqrt(), Math.Sqrt),
        ["rsqrt"] = (x => x.rsqrt(), x => 1 / Math.Sqrt(x)),
        ["square"] = (x => x.square(), x => x * x),
        ["neg"] = (x => x.neg(), x => -x),
        ["minus"] = (x => -x, x => -x),
        ["reciprocal"] = (x => x.reciprocal(), x => 1 / x),
        ["sigmoid"] = (x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["tanh"] = (x => x.tanh(), Math.Tanh),
        ["sin"] = (x => x.sin(), Math.Sin),
        ["cos"] = (x => x.cos(), Math.Cos),
        ["relu"] = (x => x.relu(), x => Math.Max(x, 0)),
        ["sign"] = (x => x.sign(), x => Math.Sign(x)),
        ["cube"] = (x => x.pow(3), x => x * x * x),
        ["plus number"] = (x => x + 2, x => x + 2),
        ["number plus"] = (x => 2 + x, x => x + 2),
        ["minus number"] = (x => x - 0.5, x => x - 0.5),
        ["number minus"] = (x => 0.5 - x, x => 0.5 - x),
        ["times number"] = (x => x * 3, x => x * 3),
        ["over number"] = (x => x / 4, x => x / 4),
        ["number over"] = (x => 4 / x, x => 4 / x),
        ["clamp"] = (x => x.clamp(-1, 1), x => Math.Clamp(x, -1, 1)),
        ["clamp below"] = (x => x.clamp(min: 0.25), x => Math.Max(x, 0.25)),
    };

    public static TheoryData<string> UnaryNames => [.. Unary.Keys];

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void An_operation_on_each_element_has_the_value_that_mathematics_gives(string name)
    {
        var (operation, expected) = Unary[name];

        AssertTensor([5], [.. Inputs.Select(expected)], operation(tensor(Inputs)));
        AssertTensor([5], [.. Inputs.Select(expected)], operation(tensor(Inputs, float32)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.5, "0.5204998778130465")]
    [InlineData(-1, "-0.8427007929497149")]
    public void The_error_function_has_its_tabulated_values(double x, string expected) =>
        AssertTensor([], [double.Parse(expected, CultureInfo.InvariantCulture)], tensor(x).erf());

    [Fact]
    public void Operations_on_two_tensors_broadcast()
    {
        var column = tensor(new float[] { 1, 2 }, [2, 1]);
        var row = tensor(new float[] { 10, 20, 40 });

        AssertTensor([2, 3], [11, 21, 41, 12, 22, 42], column + row);
        AssertTensor([2, 3], [-9, -19, -39, -8, -18, -38], column - row);
        AssertTensor([2, 3], [10, 20, 40, 20, 40, 80], column * row);
        AssertTensor([2, 3], [0.1, 0.05, 0.025, 0.2, 0.1, 0.05], column / row);
        AssertTensor([2, 1], [1, 4], column.pow(tensor(2f)));
        AssertTensor([2, 3], [10, 20, 40, 10, 20, 40], column.maximum(row));
        AssertTensor([2, 3], [1, 1, 1, 2, 2, 2], column.minimum(row));
        AssertTensor([2, 3], [6, 11, 21, 7, 12, 22], column.add(row, 0.5));
    }

    [Fact]
    public void Matrix_products_agree_with_the_sums_that_define_them()
    {
        var left = Counting(2, 3);
        var right = Counting(3, 2);

        AssertTensor([2, 2], [10, 13, 28, 40], left.matmul(right));
        AssertTensor([2, 2], [10, 13, 28, 40], left.mm(right));
        AssertTensor([1, 2, 2], [10, 13, 28, 40], left.unsqueeze(0).bmm(right.unsqueeze(0)));
        AssertTensor([2], [5, 14], left.matmul(arange(3, float32)));
        AssertTensor([4, 2, 2], [.. Enumerable.Repeat(new double[] { 10, 13, 28, 40 }, 4).SelectMany(product => product)], left.expand(4, 2, 3).matmul(right));
    }

    [Fact]
    public void An_operation_in_place_changes_the_tensor_and_returns_it()
    {
        var x = tensor(new float[] { 1, 2 });
        var y = tensor(new float[] { 3, 4 });

        Assert.Same(x, x.add_(y));
        AssertTensor([2], [4, 6], x);
        AssertTensor([2], [2.5, 4], x.add_(y, -0.5));
        AssertTensor([2], [-0.5, 0], x.sub_(y));
        AssertTensor([2], [-1.5, 0], x.mul_(y));
        AssertTensor([2], [-0.5, 0], x.div_(y));
        AssertTensor([2], [0.5, 1], x.add_(1).sub_(0).mul_(1).div_(1));
        AssertTensor([2], [18.5, 33], x.addcmul_(y, y, 2));
        AssertTensor([2], [19, 33.5], x.addcdiv_(y, y, 0.5));
        AssertTensor([2], [3, 4], x.copy_(y));
        AssertTensor([2], [0, 0], x.zero_());
    }

    [Fact]
    public void Numbers_take_the_place_of_nan_and_the_infinities()
    {
        var x = tensor(new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2 });

        AssertTensor([4], [0, 5, -6, 2], x.nan_to_num(posinf: 5, neginf: -6));
        AssertTensor([4], [1, double.MaxValue, double.MinValue, 2], x.nan_to_num(1));
    }

    [Fact]
    public void Denormal_numbers_are_not_flushed_to_zero_on_any_thread()
    {
        static float Halved()
        {
            using var inner = NewDisposeScope();
            return (tensor(new[] { 1e-38f, 1e-38f }) / 4).sum().item<float>();
        }
        float onOtherThread = 0;
        var thread = new Thread(() => onOtherThread = Halved());
        thread.Start();
        thread.Join();

        Assert.NotEqual(0, Halved());
        Assert.Equal(Halved(), onOtherThread);
    }
}
