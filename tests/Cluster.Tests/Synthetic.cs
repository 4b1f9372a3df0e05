using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LPZero.Cluster.Storage;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests;

/// <summary>A search whose terms are made up from their names, so that it needs no device.</summary>
internal static class Synthetic
{
    public const string Run = "synthetic";
    public const string Profile = "made-up arithmetic";

    public static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["default"] with
    {
        Population = 10, Iterations = 25, SearchArchitectures = 12, BatchSize = 2, SequenceLength = 4, MinDistinct = 0.2,
    };

    public static readonly Benchmark Benchmark = new("made-up", "made-up quality", Shapes.Genotype, new EmbeddingSizes(10, 4, 8),
    [
        .. Enumerable.Range(0, 20).Select(i => new Architecture(
            $"a{i}",
            new FlexiBertGenotype(8 + (4 * i), [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 16, 1), 1 + (i % 3))]),
            i * 7 % 20)),
    ]);

    public static readonly ClusterRun Record = new(
        Run, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), Configuration, Benchmark, BenchmarkDigest.Of(Benchmark), NumericProfile: null, SearchPhase.New, Problem: null);

    /// <summary>The terms that a request asks for.</summary>
    public static TermReply Answer(TermRequest request) =>
        new(request.Id, request.Attempt, [.. request.Wanted.Select(wanted => Block(request.Target, wanted))]);

    public static TermBlock Block(ProbedNetwork target, ChainSet wanted)
    {
        var layers = target.Network.Layers.Length;
        var means = wanted.Chains.SelectMany(chain => Enumerable.Range(0, layers).Select(layer => Number($"{target.Network}|{wanted.Input}|{chain}|{layer}"))).ToArray();
        return new TermBlock(wanted.Input, [.. Enumerable.Repeat(1, layers)], wanted.Chains, means, [.. Enumerable.Repeat(7L, means.Length)]);
    }

    /// <summary>The events of the run, computed by a plain loop round the search's core.</summary>
    public static ImmutableArray<SearchEvent> ExpectedEvents()
    {
        var process = new SearchProcess(Configuration);
        var set = SearchSample.Of(Benchmark, Configuration).Search;
        var table = new TermTable(set.Networks.Length, Configuration.ElementReduction, Configuration.TensorReduction);
        var probe = Configuration.Probe(Benchmark.Sizes);
        var fitness = new FitnessFunction(Configuration, set, table);
        var events = ImmutableArray.CreateBuilder<SearchEvent>();
        var state = new SearchState();
        SearchCommand command = new StartSearch(Record.BenchmarkDigest, [.. set.Architectures.Select(a => a.Id)]);
        while (true)
        {
            var decision = process.Decide(state, command);
            events.AddRange(decision.Events);
            state = decision.Events.Aggregate(state, process.Apply);
            if (decision.Effect is not { } round)
            {
                return events.ToImmutable();
            }

            var proxies = round.Proposals.Select(proposal => process.Pruning.Judge(proposal.Proxy).Canonical!).ToList();
            foreach (var branch in proxies.SelectMany(proxy => proxy.Branches))
            {
                for (var network = 0; network < set.Networks.Length; network++)
                {
                    table.Add(network, Block(new ProbedNetwork(set.Networks[network], probe), new ChainSet(branch.Input, [branch.Chain])));
                }
            }

            command = new ReportScores(round.Iteration, round.Round, [.. proxies.Select(fitness.Evaluate)]);
        }
    }

    /// <summary>A number from 0 to 1.</summary>
    private static double Number(string name) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) / (double)ulong.MaxValue;
}
