using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Exhaustive;

/// <summary>
/// Made-up architectures, some of which build the same network, and terms that make every hard case: not a number, infinite,
/// constant, of few distinct values, tiny, huge, and differing in the last bits alone.
/// </summary>
internal static class MadeUpTerms
{
    public static ArchitectureSet Set(int architectures, ulong seed = 11)
    {
        var random = new SplittableRandom(seed);
        var all = new List<Architecture>();
        for (var i = 0; i < architectures; i++)
        {
            FlexiBertGenotype genotype;
            if (i % 5 == 4)
            {
                // The same network as an earlier one, as trained.
                var earlier = (FlexiBertGenotype)all[random.Next(all.Count)].Genotype;
                genotype = new FlexiBertGenotype(
                    earlier.HiddenSize, [.. earlier.Layers.Select(layer => layer with { Operation = MixingOperation.Fourier })]);
            }
            else
            {
                var layers = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => new FlexiBertLayer(
                    MixingOperation.ScaledDotProduct, 2 + (2 * random.Next(2)), 512 * (1 + random.Next(2)), 1 + (2 * random.Next(2))));
                genotype = new FlexiBertGenotype(128 * (1 + random.Next(2)), [.. layers]);
            }

            all.Add(new Architecture(i.ToString(CultureInfo.InvariantCulture), genotype, random.Next(60) / 4.0));
        }

        return ArchitectureSet.Of(all, Shapes.AsTrained);
    }

    /// <summary>What is known of the architectures without their networks.</summary>
    public static StructuralBaselines Structures(ArchitectureSet set) => new(Benchmark(set), sequenceLength: 128);

    public static Benchmark Benchmark(ArchitectureSet set) =>
        new("made up", "score", Shapes.AsTrained, FlexiBertSpace.PublicSizes, set.Architectures);

    public static TermTable Table(ArchitectureSet set, IEnumerable<Branch> branches)
    {
        var table = new TermTable(set.Networks.Length, Reduction.Mean, Reduction.Mean);
        var number = 0UL;
        foreach (var branch in branches)
        {
            number++;
            for (var network = 0; network < set.Networks.Length; network++)
            {
                var random = new SplittableRandom((number * 1000) + (ulong)network);
                var values = Enumerable.Range(0, set.Networks[network].LayerCount)
                    .Select(_ => Value(number % 23, network, ref random)).ToArray();
                table.Add(network, new TermBlock(
                    branch.Input, [.. values.Select(_ => 1)], [branch.Chain], values, [.. values.Select(_ => 1L)]));
            }
        }

        return table;
    }

    private static double Value(ulong kind, int network, ref SplittableRandom random) => kind switch
    {
        0 when network == 3 => double.NaN,
        1 when network == 4 => double.PositiveInfinity,
        2 => 0.75,
        3 => random.Next(3),
        4 => random.NextDouble() * 1e-60,
        5 => (random.NextDouble() - 0.5) * 1e200,
        6 => 1 + (random.Next(40) * Math.ScaleB(1, -52)),
        7 => -1e6 + (random.NextDouble() * 1e-3),
        8 => random.NextDouble() * double.MaxValue,
        _ => random.NextDouble() - 0.3,
    };
}
