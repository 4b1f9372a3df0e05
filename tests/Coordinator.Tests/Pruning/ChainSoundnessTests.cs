using FsCheck;
using FsCheck.Fluent;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>
/// The sound rules on chains, against an oracle in double. Two expressions are equal when they have the same NaN and
/// infinity pattern and agree to 1e-9 relative; where terms cancelled (a mean of deviations, then a logarithm or an
/// inverse of it), the comparison allows for the rounding errors that the oracle carries along, and says nothing where
/// these decide.
/// </summary>
public sealed class ChainSoundnessTests
{
    private static readonly RuleBasedPruning Mean = new(PruningMode.Sound, Reduction.Mean);
    private static readonly RuleBasedPruning Sum = new(PruningMode.Sound, Reduction.Sum);

    public static TheoryData<InputKind, Reduction> InputsAndReductions() => new()
    {
        { InputKind.H, Reduction.Mean },
        { InputKind.H, Reduction.Sum },
        { InputKind.S, Reduction.Mean },
        { InputKind.S, Reduction.Sum },
    };

    [Theory]
    [MemberData(nameof(InputsAndReductions))]
    public void Every_chain_of_two_operations_equals_its_canonical_form_or_is_invalid(InputKind input, Reduction elements) =>
        Properties.Check(40, RandomTensors.For(input), tensor =>
        {
            foreach (var chain in Chain.All(2))
            {
                AssertSound(new Branch(input, chain), elements, tensor);
            }
        });

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void Chains_of_any_length_equal_their_canonical_form_or_are_invalid(Reduction elements) =>
        Properties.Check(8000, BranchAndTensor(), example => AssertSound(example.Branch, elements, example.Tensor));

    [Theory]
    [MemberData(nameof(InputsAndReductions))]
    public void Every_value_free_chain_of_two_operations_sees_nothing_but_the_shape(InputKind input, Reduction elements) =>
        Properties.Check(60, RandomTensors.PairFor(input), pair =>
        {
            foreach (var chain in Chain.All(2))
            {
                AssertValueFree(new Branch(input, chain), elements, pair.First, pair.Second);
            }
        });

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void Value_free_chains_of_any_length_see_nothing_but_the_shape(Reduction elements) =>
        Properties.Check(
            20000,
            from branch in RandomProxies.LiveBranch(0, 4)
            from pair in RandomTensors.PairFor(branch.Input)
            select (Branch: branch, pair.First, pair.Second),
            example => AssertValueFree(example.Branch, elements, example.First, example.Second));

    [Fact]
    public void Rounding_decides_few_of_the_comparisons()
    {
        var (sharp, all) = (0, 0);
        Properties.Check(4000, BranchAndTensor(), example =>
        {
            if (UnaryOracle.Apply(example.Branch.Chain, OracleTensor.Of(example.Tensor)) is { } result)
            {
                sharp += result.Value(Reduction.Mean).IsSharp ? 1 : 0;
                all++;
            }
        });
        Assert.InRange((double)sharp / all, 0.8, 1);
    }

    private static Gen<(Branch Branch, RandomTensor Tensor)> BranchAndTensor() =>
        from branch in RandomProxies.LiveBranch(0, 4)
        from tensor in RandomTensors.For(branch.Input)
        select (branch, tensor);

    private static void AssertSound(Branch branch, Reduction elements, RandomTensor tensor)
    {
        var canonical = (elements == Reduction.Mean ? Mean : Sum).Canonicalize(branch);
        var result = UnaryOracle.Apply(branch.Chain, OracleTensor.Of(tensor));
        Assert.Equal(result is null, canonical.Disconnected);
        if (result is null)
        {
            return;
        }

        var written = result.Value(elements);
        if (canonical.Refusal is { } refusal)
        {
            Assert.True(double.IsNaN(written.Value), $"{branch} is refused by {refusal}, but is {written} on {tensor}");
            return;
        }

        var rewritten = UnaryOracle.Apply(canonical.Chain, OracleTensor.Of(tensor))!.Value(elements);
        rewritten = canonical.Negated ? -rewritten : rewritten;
        Assert.True(
            written.Agrees(rewritten),
            $"{branch} is {written}, its canonical form {(canonical.Negated ? "-" : "")}{branch with { Chain = canonical.Chain }} is " +
            $"{rewritten} on {tensor}; rules {string.Join(", ", canonical.Rules)}");
    }

    /// <summary>
    /// Leaves out what is invalid anyway (NaN and infinities), and tensors whose elements are all equal where they meet
    /// normalize: the rule takes it that no input of a network is such a tensor.
    /// </summary>
    private static void AssertValueFree(Branch branch, Reduction elements, RandomTensor first, RandomTensor second)
    {
        if (!(elements == Reduction.Mean ? Mean : Sum).Canonicalize(branch).IsValueFree)
        {
            return;
        }

        var one = UnaryOracle.Apply(branch.Chain, OracleTensor.Of(first))!;
        var other = UnaryOracle.Apply(branch.Chain, OracleTensor.Of(second))!;
        var (a, b) = (one.Value(elements), other.Value(elements));
        if (one.MetConstant || other.MetConstant || !a.IsFinite || !b.IsFinite)
        {
            return;
        }

        Assert.True(a.Agrees(b), $"{branch} counts as value-free, but is {a} on {first} and {b} on {second}");
    }
}
