using BenchmarkDotNet.Attributes;
using LPZero.Coordinator.Pruning;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Bench.Micro;

/// <summary>The pruning rules, for chains met before and for new ones.</summary>
[MemoryDiagnoser]
public class PruningBenchmarks
{
    private readonly Proxy proxy = ProxyText.ParseProxy("negate(abs(W)) - exp(log_softmax(H))");
    private readonly RuleBasedPruning warm = new(PruningMode.Sound, Reduction.Mean);

    [Benchmark]
    public Verdict KnownChains() => warm.Judge(proxy);

    [Benchmark]
    public Verdict NewChains() => new RuleBasedPruning(PruningMode.Sound, Reduction.Mean).Judge(proxy);
}
