using System.Globalization;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Fixtures;

/// <summary>Architectures and numbers that are the same in every run and need no file.</summary>
public static class MadeUpBenchmark
{
    /// <summary>Architectures of FlexiBERT's public space, drawn at random.</summary>
    public static ArchitectureSet Architectures(int count)
    {
        var random = new SplittableRandom(1);
        var architectures = new Dictionary<string, Architecture>(StringComparer.Ordinal);
        while (architectures.Count < count)
        {
            var layers = Enumerable.Range(0, 2 + (2 * random.Next(2))).Select(_ => new FlexiBertLayer(
                MixingOperation.ScaledDotProduct, 2 + (2 * random.Next(2)), 512 * (1 + random.Next(2)), 1 + (2 * random.Next(2))));
            var genotype = new FlexiBertGenotype(128 * (1 + random.Next(2)), [.. layers]);
            architectures.TryAdd(genotype.ToString(), new Architecture(
                architectures.Count.ToString(CultureInfo.InvariantCulture), genotype, random.NextDouble()));
        }

        return ArchitectureSet.Of(architectures.Values, Shapes.AsTrained);
    }

    /// <summary>Numbers of branches, uniform from -0.5 to 0.5.</summary>
    public static TermTable Terms(ArchitectureSet set, IEnumerable<Branch> branches)
    {
        var table = new TermTable(set.Networks.Length, Reduction.Mean, Reduction.Mean);
        var random = new SplittableRandom(2);
        foreach (var branch in branches)
        {
            for (var network = 0; network < set.Networks.Length; network++)
            {
                var values = new double[set.Networks[network].LayerCount];
                for (var layer = 0; layer < values.Length; layer++)
                {
                    values[layer] = random.NextDouble() - 0.5;
                }

                table.Add(
                    network, new TermBlock(branch.Input, [.. values.Select(_ => 1)], [branch.Chain], values, [.. values.Select(_ => 1L)]));
            }
        }

        return table;
    }

    /// <summary>Every chain of two operations that has a value: 400 of the 441, as the other 41 hold disconnect.</summary>
    public static IReadOnlyList<Chain> LiveChains { get; } =
        [.. Chain.All(2).Where(chain => !chain.Operations.Contains(UnaryOperation.Disconnect))];
}
