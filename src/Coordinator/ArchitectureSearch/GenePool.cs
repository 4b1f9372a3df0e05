using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>
/// The values that genes take in example genotypes of one space, and what evolution makes of them: draws, mutations, crossings. A genotype
/// that comes of it may be impossible; <see cref="Genotype.FindProblem"/> says so.
/// </summary>
public sealed class GenePool
{
    private readonly Genotype template;
    private readonly ImmutableArray<ImmutableArray<int>> network;
    private readonly ImmutableArray<int> depths;
    private readonly ImmutableArray<ImmutableArray<int>> layer;

    private GenePool(Genotype template, IReadOnlyList<Genes> examples)
    {
        this.template = template;
        network = Values(examples.Select(genes => genes.Network));
        depths = [.. examples.Select(genes => genes.Layers.Length).Distinct().Order()];
        layer = Values(examples.SelectMany(genes => genes.Layers));
    }

    /// <summary>The pool of the examples; null where there is none, or one has no genes.</summary>
    public static GenePool? Of(IReadOnlyCollection<Genotype> examples)
    {
        var genes = examples.Select(example => example.Genes).OfType<Genes>().ToList();
        return genes.Count == 0 || genes.Count < examples.Count ? null : new GenePool(examples.First(), genes);
    }

    /// <summary>Every gene uniformly from its values.</summary>
    public Genotype Draw(ref SplittableRandom random)
    {
        var genes = ImmutableArray.CreateBuilder<int>(network.Length);
        foreach (var values in network)
        {
            genes.Add(Choose(values, ref random));
        }

        var layers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        for (var left = Choose(depths, ref random); left > 0; left--)
        {
            layers.Add(DrawLayer(ref random));
        }

        return template.With(new Genes(genes.ToImmutable(), layers.ToImmutable()));
    }

    /// <summary>
    /// The genotype with one thing redrawn: a gene of the network, the number of layers (layers are left out, or drawn and put in,
    /// anywhere) or a gene of one layer. Each kind that has a choice is equally likely. The same genotype where nothing has a choice.
    /// </summary>
    public Genotype Mutate(Genotype genotype, ref SplittableRandom random)
    {
        var genes = genotype.Genes!;
        int[] kinds =
        [
            .. Enumerable.Range(0, network.Length).Where(gene => network[gene].Length > 1),
            .. depths.Length > 1 ? [network.Length] : Array.Empty<int>(),
            .. Enumerable.Range(0, layer.Length).Where(gene => layer[gene].Length > 1).Select(gene => network.Length + 1 + gene),
        ];
        if (kinds.Length == 0)
        {
            return genotype;
        }

        var kind = kinds[random.Next(kinds.Length)];
        if (kind < network.Length)
        {
            var other = Other(network[kind], genes.Network[kind], ref random);
            return genotype.With(genes with { Network = genes.Network.SetItem(kind, other) });
        }

        if (kind == network.Length)
        {
            var depth = Other(depths, genes.Layers.Length, ref random);
            return genotype.With(genes with { Layers = WithDepth(genes.Layers, depth, ref random) });
        }

        var (gene, at) = (kind - network.Length - 1, random.Next(genes.Layers.Length));
        return genotype.With(genes with
        {
            Layers = genes.Layers.SetItem(at, genes.Layers[at].SetItem(gene, Other(layer[gene], genes.Layers[at][gene], ref random))),
        });
    }

    /// <summary>
    /// Where changes of one thing lead, each the one to the highest value: of a gene of the network, of the number of layers (the last are
    /// left out, or the last is repeated), or of a gene of all layers at once. None of these from there raises the value.
    /// </summary>
    /// <param name="start">Where it starts.</param>
    /// <param name="valueOf">The value; null for a genotype that is not wanted.</param>
    public Genotype Climb(Genotype start, Func<Genotype, double?> valueOf)
    {
        var (best, highest) = (start, valueOf(start) ?? double.NegativeInfinity);
        while (true)
        {
            var (next, value) = Changed(best).Select(changed => (Genotype: changed, Value: valueOf(changed) ?? double.NegativeInfinity))
                .MaxBy(changed => changed.Value);
            if (!(value > highest))
            {
                return best;
            }

            (best, highest) = (next, value);
        }
    }

    /// <summary>Each gene of the network, the number of layers and each layer from either parent; a layer from that which has it.</summary>
    public static Genotype Cross(Genotype first, Genotype second, ref SplittableRandom random)
    {
        var (one, two) = (first.Genes!, second.Genes!);
        var genes = ImmutableArray.CreateBuilder<int>(one.Network.Length);
        for (var i = 0; i < one.Network.Length; i++)
        {
            genes.Add(random.NextBool(0.5) ? one.Network[i] : two.Network[i]);
        }

        var layers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        var depth = random.NextBool(0.5) ? one.Layers.Length : two.Layers.Length;
        for (var i = 0; i < depth; i++)
        {
            var fromFirst = random.NextBool(0.5);
            layers.Add((fromFirst && i < one.Layers.Length) || i >= two.Layers.Length ? one.Layers[i] : two.Layers[i]);
        }

        return first.With(new Genes(genes.ToImmutable(), layers.ToImmutable()));
    }

    /// <summary>
    /// How far apart two genotypes are: differences of genes over the range of the gene's values, and of the numbers of layers likewise,
    /// added up; a gene of the layers counts its mean over them, with 1 for a layer that one of the two lacks.
    /// </summary>
    public double Distance(Genotype first, Genotype second)
    {
        var (one, two) = (first.Genes!, second.Genes!);
        var sum = Between(depths, one.Layers.Length, two.Layers.Length);
        for (var i = 0; i < network.Length; i++)
        {
            sum += Between(network[i], one.Network[i], two.Network[i]);
        }

        var (fewer, more) = (Math.Min(one.Layers.Length, two.Layers.Length), Math.Max(one.Layers.Length, two.Layers.Length));
        for (var gene = 0; gene < layer.Length && more > 0; gene++)
        {
            var ofLayers = (double)(more - fewer);
            for (var i = 0; i < fewer; i++)
            {
                ofLayers += Between(layer[gene], one.Layers[i][gene], two.Layers[i][gene]);
            }

            sum += ofLayers / more;
        }

        return sum;
    }

    private static ImmutableArray<ImmutableArray<int>> Values(IEnumerable<ImmutableArray<int>> examples)
    {
        var all = examples.ToList();
        return all.Count == 0
            ? []
            :
            [
                .. Enumerable.Range(0, all[0].Length).Select(gene =>
                    all.Select(genes => genes[gene]).Distinct().Order().ToImmutableArray()),
            ];
    }

    private static double Between(ImmutableArray<int> values, int one, int two) =>
        one == two ? 0 : Math.Abs((double)one - two) / Math.Max(1, values[^1] - values[0]);

    private static int Choose(ImmutableArray<int> values, ref SplittableRandom random) => values[random.Next(values.Length)];

    private static int Other(ImmutableArray<int> values, int than, ref SplittableRandom random)
    {
        var others = values.Remove(than);
        return others[random.Next(others.Length)];
    }

    private IEnumerable<Genotype> Changed(Genotype genotype)
    {
        var genes = genotype.Genes!;
        IEnumerable<Genes> all =
        [
            .. network.SelectMany((values, gene) => values.Select(value => genes with { Network = genes.Network.SetItem(gene, value) })),
            .. depths.Select(depth => genes with
            {
                Layers = [.. Enumerable.Range(0, depth).Select(i => genes.Layers[Math.Min(i, genes.Layers.Length - 1)])],
            }),
            .. layer.SelectMany((values, gene) => values.Select(value => genes with
            {
                Layers = [.. genes.Layers.Select(one => one.SetItem(gene, value))],
            })),
        ];
        return all.Select(genotype.With);
    }

    private ImmutableArray<ImmutableArray<int>> WithDepth(
        ImmutableArray<ImmutableArray<int>> layers, int depth, ref SplittableRandom random)
    {
        while (layers.Length > depth)
        {
            layers = layers.RemoveAt(random.Next(layers.Length));
        }

        while (layers.Length < depth)
        {
            layers = layers.Insert(random.Next(layers.Length + 1), DrawLayer(ref random));
        }

        return layers;
    }

    private ImmutableArray<int> DrawLayer(ref SplittableRandom random)
    {
        var genes = ImmutableArray.CreateBuilder<int>(layer.Length);
        foreach (var values in layer)
        {
            genes.Add(Choose(values, ref random));
        }

        return genes.ToImmutable();
    }
}
