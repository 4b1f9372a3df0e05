using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Pruning;

public sealed class RuleBasedPruningTests
{
    private static readonly Proxy Proxy = ProxyText.ParseProxy("negate(abs(W)) - exp(log_softmax(H))");

    [Fact]
    public void A_verdict_on_chains_that_were_seen_before_allocates_less_than_a_kilobyte()
    {
        var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean);
        pruning.Judge(Proxy);
        Assert.InRange(Allocated(pruning), 0, 600);
    }

    [Fact]
    public void A_verdict_on_new_chains_allocates_a_few_kilobytes()
    {
        new RuleBasedPruning(PruningMode.Sound, Reduction.Mean).Judge(Proxy);
        Assert.InRange(Allocated(new RuleBasedPruning(PruningMode.Sound, Reduction.Mean)), 0, 4_000);
    }

    private static long Allocated(RuleBasedPruning pruning)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        pruning.Judge(Proxy);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
