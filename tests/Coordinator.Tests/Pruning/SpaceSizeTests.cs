using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Pruning;

public sealed class SpaceSizeTests
{
    public static TheoryData<PruningMode, Reduction> Modes() => new()
    {
        { PruningMode.None, Reduction.Mean },
        { PruningMode.Sound, Reduction.Mean },
        { PruningMode.Sound, Reduction.Sum },
        { PruningMode.Paper, Reduction.Mean },
    };

    [Theory]
    [InlineData(1, 26_460, 37_044, 63_504)]
    [InlineData(2, 11_668_860, 16_336_404, 28_005_264)]
    public void The_raw_space_is_counted_in_three_ways(int operations, long differentInputs, long unordered, long ordered)
    {
        var size = SpaceSize.Measure(operations, PruningMode.Sound, Reduction.Mean);
        Assert.Equal((differentInputs, unordered, ordered), (size.PairsOfDifferentInputs, size.UnorderedPairs, size.OrderedPairs));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void One_operation_a_branch_is_counted_as_by_going_through_all_proxies(PruningMode mode, Reduction elements)
    {
        var pruning = new RuleBasedPruning(mode, elements);
        var branches = Enum.GetValues<InputKind>().SelectMany(input => Chain.All(1).Select(chain => new Branch(input, chain))).ToList();
        var verdicts = (
            from left in branches
            from right in branches
            from operation in Enum.GetValues<BinaryOperation>()
            select pruning.Judge(new Proxy(left, operation, right))).ToList();
        var size = SpaceSize.Measure(1, mode, elements);

        Assert.Equal(verdicts.Count, size.OrderedPairs);
        var admitted = verdicts.Where(v => v.Refusal is null).ToList();
        Assert.Equal(admitted.Select(v => v.Canonical).Distinct().Count(), size.Canonical);
        Assert.Equal(admitted.Count(v => v.Rewrites.IsEmpty), size.Untouched);
        Assert.Equal(
            Rules.All.Select(rule => new RuleShare(
                rule, verdicts.Count(v => v.Refusal == rule), admitted.Count(v => v.Rewrites.FirstOrDefault() == rule)))
                .Where(share => share.Refused + share.Rewritten > 0),
            size.Rules);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_shares_add_up_to_the_raw_space(PruningMode mode, Reduction elements)
    {
        var size = SpaceSize.Measure(2, mode, elements);
        Assert.Equal(size.OrderedPairs, size.Untouched + size.Rules.Sum(share => share.Refused + share.Rewritten));
        Assert.InRange(size.Canonical, 1, size.OrderedPairs - size.Rules.Sum(share => share.Refused));
    }

    [Fact]
    public void The_paper_s_rules_leave_fewer_proxies_than_the_sound_ones_and_these_fewer_than_none()
    {
        var (none, sound, paper) = (Canonical(PruningMode.None), Canonical(PruningMode.Sound), Canonical(PruningMode.Paper));
        Assert.True(paper < sound && sound < none, $"{none}, {sound}, {paper}");

        static long Canonical(PruningMode mode) => SpaceSize.Measure(2, mode, Reduction.Mean).Canonical;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Branches_that_cannot_be_counted_are_refused(int operations) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SpaceSize.Measure(operations, PruningMode.Sound, Reduction.Mean));
}
