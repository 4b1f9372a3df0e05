using System.Text.Json;
using LPZero.Coordinator.Baselines;
using LPZero.GpuNode;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests.Spaces;

/// <summary>That a search needs no more of a space than what docs/spaces.md shows.</summary>
public sealed class MixerSpaceTests
{
    private static readonly SearchSpaces Spaces = new([new FlexiBertSpace(), new MixerSpace()]);
    private static readonly EmbeddingSizes Sizes = new(Vocabulary: 50, Embedding: null, Positions: 16);

    private static readonly Benchmark Benchmark = new("mixers", "made-up quality", Shapes.Genotype, Sizes,
    [
        .. Enumerable.Range(0, 14).Select(i =>
            new Architecture($"a{i}", Spaces.Parse($"mixer:{8 + (4 * (i % 5))}:{1 + (i / 5)}"), i * 7 % 11)),
    ]);

    private static readonly SearchConfiguration Configuration =
        Synthetic.Configuration with { SearchArchitectures = 8, SequenceLength = 8 };

    [Fact]
    public void A_space_in_one_file_is_searched_to_the_end_and_the_same_again()
    {
        Assert.Null(Benchmark.FindProblem());
        var events = Events();
        Assert.IsType<SearchFinished>(events[^1]);
        Assert.Contains(events.OfType<RoundScored>().SelectMany(round => round.Outcomes), outcome => outcome.Fitness is not null);
        Assert.Equal(events.Select(Text), Events().Select(Text));
    }

    [Fact]
    public void Its_baselines_rank_its_benchmark()
    {
        var baselines = new StructuralBaselines(Benchmark, sequenceLength: 8);
        Assert.Equal(["layers", "parameters"], baselines.All.Select(baseline => baseline.Name));
        Assert.Equal("parameters", baselines.Main);
        Assert.Equal([1.0, 3.0], baselines.All[0].Rank([Benchmark.Architectures[0], Benchmark.Architectures[13]]).Scores.ToArray());
    }

    [Theory]
    [InlineData(WeightSelection.All)]
    [InlineData(WeightSelection.Mixing)]
    public void Its_estimate_of_what_is_held_is_exact(WeightSelection weights)
    {
        var target = new ProbedNetwork(Spaces.Parse("mixer:12:3"), new ProbeSettings(2, 8, 1, 1, weights, Sizes));
        using var inputs = Network.InputsOf(target, Enum.GetValues<InputKind>(), TorchSharp.torch.CPU);
        Assert.Equal(Network.MemoryOf(target).Held, inputs.Bytes);
    }

    [Fact]
    public void Designed_proxies_take_its_parameters_for_what_their_roles_say()
    {
        var target = new ProbedNetwork(Spaces.Parse("mixer:12:3"), new ProbeSettings(2, 8, 1, 1, WeightSelection.All, Sizes));
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var evidence = new NetworkEvidence(
            Network.Of(target, TorchSharp.torch.CPU), target.Network.Describe(Sizes, sequenceLength: 8));
        var maps = evidence.Maps.Chunk(3).ToList();
        Near("synaptic-saliency", maps.Sum(layer => layer[1].Saliency + layer[2].Saliency));
        Near("head-importance", maps.Sum(layer => layer[0].Saliency));
        Near("zerolm-attention", maps.Sum(layer => layer[0].NuclearNorm));
        Near("zerolm-feed-forward", maps.Sum(layer => layer[1].NuclearNorm + layer[2].NuclearNorm));

        void Near(string proxy, double expected)
        {
            Assert.True(expected > 0);
            Assert.Equal(expected, ProxyScoring.Of(evidence, [DesignedProxies.Find(proxy)!])[0].Value!.Value, 1e-9 * expected);
        }
    }

    [Fact]
    public void The_guide_shows_this_very_space()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root!, "docs", "spaces.md"));
        var code = File.ReadAllText(Path.Combine(Repository.Root!, "tests", "Cluster.Tests", "Spaces", "MixerSpace.cs"));
        Assert.Equal(
            code.Split("namespace LPZero.Cluster.Tests.Spaces;\n")[1].Trim(), guide.Split("```csharp\n")[1].Split("```")[0].Trim());
    }

    private static IReadOnlyList<SearchEvent> Events()
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), memoryBudget: 1L << 30);
        return PlainLoop.Events(
            Configuration, Benchmark, (target, wanted) => host.Evaluate(new TermRequest(1, 1, target, [wanted])).Blocks.Single());
    }

    private static string Text(SearchEvent happened) => JsonSerializer.Serialize(happened, MessageJson.Options);
}
