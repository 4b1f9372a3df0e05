using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Binding;

/// <summary>What TorchSharp's dispose scopes hold and free, which every evaluation relies on.</summary>
[Collection(LiveTensors.Name)]
public sealed class DisposeScopeTests
{
    public static TheoryData<string> Evaluators => [.. TermEvaluators.Names];

    [Fact]
    public void A_scope_frees_what_was_made_in_it_and_views_of_it() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
    {
        using var scope = NewDisposeScope();
        var made = zeros([4, 6]).exp();
        made.narrow(1, 0, 3).transpose(0, 1).sum(0);
    }));

    [Fact]
    public void A_scope_frees_when_an_operation_in_it_fails() => Assert.Equal(0, LiveTensors.LeftBehind(() =>
        Assert.ThrowsAny<Exception>(() =>
        {
            using var scope = NewDisposeScope();
            zeros([2, 3]).exp().view(4, 4);
        })));

    [Fact]
    public void What_is_moved_out_of_a_scope_lives_in_the_outer_one()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones([3]).MoveToOuterDisposeScope();
            }

            Assert.Equal(3, kept.sum().item<float>());
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void What_is_detached_from_its_scope_outlives_it()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones([3]).DetachFromDisposeScope();
        }

        Assert.Equal(3, kept.sum().item<float>());
        kept.Dispose();
    }

    [Theory]
    [MemberData(nameof(Evaluators))]
    public void An_evaluation_leaves_no_tensor_behind(string evaluator)
    {
        var chains = Enum.GetValues<UnaryOperation>().Where(operation => operation != UnaryOperation.Disconnect)
            .Select(operation => new Chain([operation, UnaryOperation.Abs])).ToList();
        Assert.Equal(0, LiveTensors.LeftBehind(() =>
        {
            using var host = new ArchitectureHost(TermEvaluators.Factory(evaluator, 1 << 28)(), memoryBudget: 1L << 31);
            host.Evaluate(
                new TermRequest(1, 1, Probing.Target(), [new ChainSet(InputKind.A, [.. chains]), new ChainSet(InputKind.G, [.. chains])]));
            Assert.Equal(1, host.LoadedCount);
        }));
    }
}
