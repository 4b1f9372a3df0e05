using System.Collections.Immutable;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Benchmarks;

/// <summary>What a network takes of time and memory on the mini-batch that the default preset probes its benchmark with.</summary>
/// <param name="Architecture">The id of the first architecture that the network is of.</param>
/// <param name="Time">Operations and weights to draw.</param>
/// <param name="Memory">Bytes.</param>
internal sealed record ProbeCost(string Architecture, TimeEstimate Time, MemoryEstimate Memory)
{
    /// <summary>The mini-batch.</summary>
    public static ProbeSettings ProbeOf(Benchmark benchmark) =>
        FittedPreset.Of(SearchConfiguration.Presets["default"], benchmark).Probe(benchmark.Sizes);

    /// <summary>
    /// Of the networks of a benchmark by operations the first, the middle and the last; empty where operations are not known.
    /// </summary>
    public static ImmutableArray<(string Place, ProbeCost Cost)> Of(Benchmark benchmark)
    {
        var probe = ProbeOf(benchmark);
        ImmutableArray<(Architecture Architecture, ProbedNetwork Target, TimeEstimate? Time)> networks =
        [
            .. benchmark.Architectures
                .Select(architecture => (architecture, Target: new ProbedNetwork(architecture.Genotype.Resolve(benchmark.Shapes), probe)))
                .DistinctBy(pair => pair.Target)
                .Select(pair => (pair.architecture, pair.Target, Network.TimeOf(pair.Target)))
                .OrderBy(network => network.Item3?.WithGradients),
        ];
        return networks.Any(network => network.Time is null)
            ? []
            : [("smallest", At(0)), ("median", At(networks.Length / 2)), ("largest", At(networks.Length - 1))];

        ProbeCost At(int index) =>
            new(networks[index].Architecture.Id, networks[index].Time!, Network.MemoryOf(networks[index].Target));
    }
}
