using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>How well the baselines of a benchmark's space rank it.</summary>
internal static class Baselines
{
    /// <summary>Spearman's rho of each baseline, by its name.</summary>
    public static Dictionary<string, double> Rho(Benchmark benchmark)
    {
        var truths = new SpearmanAgainst([.. benchmark.Architectures.Select(a => a.Truth)]);
        var described = benchmark.Architectures.Select(a => a.Genotype.Resolve(benchmark.Shapes).Describe(benchmark.Sizes, 64)).ToList();
        return described[0].Baselines.Index().ToDictionary(
            baseline => baseline.Item.Name,
            baseline => truths.Rho([.. described.Select(structure => structure.Baselines[baseline.Index].Value)]));
    }
}
