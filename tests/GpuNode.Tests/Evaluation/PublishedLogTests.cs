using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>The published log is ln(x + 1e-9), which shows on elements as small as that; abs_log has no such term.</summary>
public sealed class PublishedLogTests
{
    public static TheoryData<string> Evaluators() => [.. TermEvaluators.Names];

    [Theory]
    [MemberData(nameof(Evaluators))]
    public void Every_evaluator_adds_1e_9_before_the_logarithm_of_elements_and_of_numbers(string name)
    {
        using var scope = NewDisposeScope();
        var evaluator = TermEvaluators.Factory(name, OpByOpEvaluator.DefaultMemoryBudget)();
        var block = evaluator.Evaluate(
            InputKind.A, [[Filled(1e-10f), Filled(-1e-10f)]],
            [
                Chain.Of(UnaryOperation.Log), Chain.Of(UnaryOperation.Mean, UnaryOperation.Log),
                Chain.Of(UnaryOperation.Log, UnaryOperation.Exp), Chain.Of(UnaryOperation.AbsLog),
            ]);

        double[] expected = [Math.Log(1.1e-9), 0, Math.Log(1.1e-9), 0, 1.1e-9, 1, Math.Log(1e-10), Math.Log(1e-10)];
        Assert.All(expected.Zip(block.Means.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-6 * Math.Abs(pair.First)));
    }

    private static Tensor Filled(float value) => tensor(Enumerable.Repeat(value, 12).ToArray(), [4L, 3L]);
}
