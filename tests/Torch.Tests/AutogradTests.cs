namespace LPZero.Torch.Tests;

public class AutogradTests : TensorTest
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new(StringComparer.Ordinal)
    {
        ["abs"] = x => x.abs(),
        ["log"] = x => x.log(),
        ["exp"] = x => x.exp(),
        ["sqrt"] = x => x.sqrt(),
        ["square"] = x => x.square(),
        ["reciprocal"] = x => x.reciprocal(),
        ["sigmoid"] = x => x.sigmoid(),
        ["tanh"] = x => x.tanh(),
        ["softmax"] = x => x.softmax(0),
        ["log softmax"] = x => x.log_softmax(1),
        ["sum along"] = x => x.sum(1),
        ["std"] = x => x.std(),
        ["norm"] = x => x.norm(),
        ["max"] = x => x.max(),
        ["matmul"] = x => x.matmul(x.t()),
        ["gelu"] = x => nn.functional.gelu(x),
        ["layer norm"] = x => nn.functional.layer_norm(x, [3]),
        ["linear"] = x => nn.functional.linear(x, x * 2),
        ["conv1d"] = x => nn.functional.conv1d(x.unsqueeze(0), x.unsqueeze(1), padding: 1, groups: 2),
        ["unfold"] = x => nn.functional.unfold(x.view(1, 1, 2, 3), (2, 2)),
        ["fft2"] = x => fft.fft2(x).real,
        ["views"] = x => cat([x.t().reshape(2, 3), x.narrow(0, 0, 1), x[1].expand(2, 3)]),
        ["masked"] = x => x.masked_fill(x.gt(1), 0),
        ["cross entropy"] = x => nn.functional.cross_entropy(x, tensor(new long[] { 2, 0 })),
    };

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void A_gradient_agrees_with_finite_differences(string name)
    {
        double[] point = [0.3, 1.7, 0.9, 1.2, 0.6, 2.1];
        const double Step = 1e-5;

        // The weights make every element of the result count differently.
        Tensor Weighted(Tensor x)
        {
            var result = Functions[name](x).flatten();
            return (result * (arange(result.numel(), float64) + 1).sin()).sum();
        }
        double At(int i, double change)
        {
            var moved = point.ToArray();
            moved[i] += change;
            return Weighted(tensor(moved, [2, 3])).item<double>();
        }

        var x = tensor(point, [2, 3], requires_grad: true);
        var gradient = autograd.grad([Weighted(x)], [x])[0];

        AssertTensor([2, 3], [.. Enumerable.Range(0, 6).Select(i => (At(i, Step) - At(i, -Step)) / (2 * Step))], gradient);
    }

    [Fact]
    public void Backward_adds_to_the_gradient_of_the_leaves()
    {
        var x = tensor(new double[] { 2, 3 }, requires_grad: true);
        Assert.Null(x.grad);

        (x * x).sum().backward();
        AssertTensor([2], [4, 6], x.grad!);
        (x * x).backward([tensor(new double[] { 1, 10 })]);
        AssertTensor([2], [8, 66], x.grad!);

        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_takes_the_vector_that_multiplies_the_jacobian_and_leaves_the_leaves_alone()
    {
        var x = tensor(new double[] { 2, 3 }, requires_grad: true);

        var gradients = autograd.grad([x.square(), x.sum()], [x], [tensor(new double[] { 1, -1 }), tensor(100.0)]);

        AssertTensor([2], [104, 94], Assert.Single(gradients));
        Assert.Null(x.grad);
    }

    [Fact]
    public void An_inner_result_can_be_asked_for_its_gradient()
    {
        var x = tensor(new double[] { 2, 3 }, requires_grad: true);
        var inner = x * 5;

        var gradients = autograd.grad([inner.square().sum()], [inner, x]);

        AssertTensor([2], [20, 30], gradients[0]);
        AssertTensor([2], [100, 150], gradients[1]);
        Assert.False(inner.is_leaf);
        Assert.True(x.is_leaf);
    }

#if !TORCHSHARP // where the error ends the process, and a tensor that stands for nothing never leaves the count
    [Fact]
    public void The_gradient_of_an_input_that_was_not_used_is_an_error_or_invalid()
    {
        var x = tensor(1.0, requires_grad: true);
        var unused = tensor(1.0, requires_grad: true);

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => autograd.grad([x * 2], [unused]));
        Assert.True(autograd.grad([x * 2], [x, unused], allow_unused: true)[1].IsInvalid);
    }
#endif

    [Fact]
    public void A_second_derivative_is_the_gradient_of_a_gradient()
    {
        var x = tensor(new double[] { 2 }, requires_grad: true);

        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];

        AssertTensor([1], [12], autograd.grad([first.sum()], [x])[0]);
    }

    [Fact]
    public void Nothing_is_recorded_within_no_grad_and_recording_returns_after_it()
    {
        var x = tensor(new double[] { 2 }, requires_grad: true);

        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            x.mul_(3);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        Assert.True((x * 2).requires_grad);
        AssertTensor([1], [6], x.detach());
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void No_grad_holds_on_its_thread_alone()
    {
        var elsewhere = false;
        using (no_grad())
        {
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
        }

        Assert.True(elsewhere);
    }

    [Fact]
    public void A_leaf_that_requires_a_gradient_cannot_be_changed_in_place()
    {
        var x = tensor(new double[] { 2 }).requires_grad_();

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => x.add_(1));
        AssertTensor([1], [3], x.requires_grad_(false).add_(1));
    }
}
