using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Golden;

/// <summary>
/// Made-up architectures with the terms of every branch of up to two operations, kept in a file so that the golden run
/// depends on no arithmetic but the search's own. Every number is a multiple of 1/64, so that sums and products of two
/// are exact on every processor. The file is compressed text: a line for each architecture (id, hidden size, layers,
/// truth), then a line for each branch (its expression, and its value on each layer of each architecture).
/// </summary>
internal sealed class GoldenTable
{
    private const int ArchitectureCount = 24;
    private const double Unit = 64;

    private readonly List<(Branch Branch, double[] Values)> terms;

    private GoldenTable(ImmutableArray<Architecture> architectures, List<(Branch Branch, double[] Values)> terms)
    {
        Set = ArchitectureSet.Of(architectures, Shapes.Genotype);
        this.terms = terms;
        if (Set.Networks.Length != architectures.Length)
        {
            throw new InvalidDataException("two architectures of the golden table are the same network");
        }
    }

    public ArchitectureSet Set { get; }

    public IEnumerable<double> Values => terms.SelectMany(t => t.Values).Concat(Set.Truths);

    /// <summary>Reads the table from its file.</summary>
    public static GoldenTable Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var architectures = ImmutableArray.CreateBuilder<Architecture>();
        var branches = new List<(Branch, double[])>();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t');
            if (fields.Length == 4)
            {
                architectures.Add(new Architecture(fields[0], Genotype(Whole(fields[1]), Whole(fields[2])), Number(fields[3])));
            }
            else
            {
                branches.Add((ProxyText.ParseBranch(fields[0]), [.. fields[1].Split(' ').Select(Number)]));
            }
        }

        return new GoldenTable(architectures.ToImmutable(), branches);
    }

    /// <summary>Makes a table up: truths that grow with depth, and branches that follow the truth more or less, or not at all.</summary>
    public static void Write(string path)
    {
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize));
        writer.NewLine = "\n";
        var random = new SplittableRandom(2024);
        var quality = new int[ArchitectureCount];
        var layers = new int[ArchitectureCount];
        for (var i = 0; i < ArchitectureCount; i++)
        {
            layers[i] = 1 + (i % 4);
            quality[i] = (16 * layers[i]) + random.Next(48);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{i}\t{64 * (1 + (i / 4))}\t{layers[i]}\t{(quality[i] + (random.Next(16) / 8)) / Unit}"));
        }

        foreach (var input in Enum.GetValues<InputKind>())
        {
            foreach (var chain in Enumerable.Range(0, 3).SelectMany(Chain.All)
                .Where(c => !c.Operations.Contains(UnaryOperation.Disconnect)))
            {
                var slope = random.Next(5) - 2;
                var noise = 1 + random.Next(128);
                var kind = random.Next(16);
                var values = new List<double>();
                for (var i = 0; i < ArchitectureCount; i++)
                {
                    for (var layer = 0; layer < layers[i]; layer++)
                    {
                        values.Add(kind switch
                        {
                            0 => double.NaN,
                            1 => slope,
                            _ => ((slope * quality[i]) + random.Next(noise) - (noise / 2)) / Unit,
                        });
                    }
                }

                writer.WriteLine(
                    $"{new Branch(input, chain)}\t{string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}");
            }
        }
    }

    /// <summary>The terms as a search takes them in.</summary>
    public TermTable ToTermTable(Reduction elements, Reduction tensors)
    {
        var table = new TermTable(Set.Networks.Length, elements, tensors);
        foreach (var (branch, values) in terms)
        {
            var next = 0;
            for (var network = 0; network < Set.Networks.Length; network++)
            {
                var layers = Set.Networks[network].LayerCount;
                var counts = new long[layers];
                counts.AsSpan().Fill(1);
                table.Add(network,
                    new TermBlock(branch.Input, [.. Enumerable.Repeat(1, layers)], [branch.Chain], values[next..(next + layers)], counts));
                next += layers;
            }
        }

        return table;
    }

    private static FlexiBertGenotype Genotype(int hiddenSize, int layers) =>
        new(hiddenSize, [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1), layers)]);

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
