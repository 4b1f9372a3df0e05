using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Bench.Scale;

/// <summary>What is asked for: the six inputs, each with all its chains, of every network of so many batches.</summary>
internal sealed class Work
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" };
    private static readonly ProbeSettings Probe = Configuration.Probe(FlexiBertSpace.PublicSizes);

    private static readonly ImmutableArray<InputKind> Inputs = [.. Enum.GetValues<InputKind>()];

    private readonly ImmutableArray<ProbedNetwork> targets;
    private readonly ImmutableArray<string> batches;

    /// <summary>Made-up networks of two and four layers, eight in a batch.</summary>
    public Work(int batchCount)
    {
        var benchmark = new Benchmark("made-up", "made-up quality", Shapes.Genotype, FlexiBertSpace.PublicSizes,
        [
            .. Enumerable.Range(0, batchCount * ArchitectureBatches.Size).Select(i => new Architecture(
                i.ToString(CultureInfo.InvariantCulture),
                new FlexiBertGenotype(
                    8 * (1 + i),
                    [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1), 2 + (2 * (i % 2)))]),
                i)),
        ]);
        var partition = ArchitectureBatches.Of(benchmark, Shapes.Genotype, Probe);
        targets =
        [
            .. benchmark.Architectures.Select(architecture => new ProbedNetwork(architecture.Genotype.Resolve(Shapes.Genotype), Probe)),
        ];
        batches = [.. targets.Select(target => partition.KeyOf(target.Network))];
    }

    public int Networks => targets.Length;

    /// <summary>Requests in all, one for each input of each network, however many of them go into a message.</summary>
    public int Requests => targets.Length * Inputs.Length;

    /// <summary>The requests, as a coordinator sends them.</summary>
    public RequestRound Begin(CoordinatorSettings settings)
    {
        var collection = new RequestRound(
            new TermTable(targets.Length, Configuration.ElementReduction, Configuration.TensorReduction), targets, batches,
            TermPlan.For(Configuration, new RuleBasedPruning(Configuration.Pruning, Configuration.ElementReduction)), settings, firstId: 0);
        collection.Begin(new Collect([.. Inputs.Select(input => new Branch(input, Chain.Of(UnaryOperation.Square)))]));
        return collection;
    }
}
