using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Cluster.Tests;

/// <summary>A search whose terms are made up from their names, so that it needs no device.</summary>
internal static class Synthetic
{
    public const string Run = "synthetic";
    public const string Profile = "made-up arithmetic";

    public static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        Population = 10,
        Iterations = 25,
        SearchArchitectures = 12,
        BatchSize = 2,
        SequenceLength = 4,
        MinDistinct = 0.2,
    };

    public static readonly Benchmark Benchmark = new("made-up", "made-up quality", Shapes.Genotype, new EmbeddingSizes(10, 4, 8),
    [
        .. Enumerable.Range(0, 20).Select(i => new Architecture(
            $"a{i}",
            new FlexiBertGenotype(
                8 + (4 * i), [.. Enumerable.Repeat(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 16, 1), 1 + (i % 3))]),
            i * 7 % 20)),
    ]);

    public static readonly ClusterRun Record = new(
        Run, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), Configuration, Benchmark, BenchmarkDigest.Of(Benchmark),
        NumericProfile: null, SearchPhase.New, Problem: null);

    /// <summary>The terms that a request asks for.</summary>
    public static TermReply Answer(TermRequest request) =>
        new(request.Id, request.Attempt, [.. request.Wanted.Select(wanted => Block(request.Target, wanted))]);

    public static TermBlock Block(ProbedNetwork target, ChainSet wanted)
    {
        var layers = target.Network.LayerCount;
        var means = wanted.Chains.SelectMany(chain =>
            Enumerable.Range(0, layers).Select(layer => Number($"{target.Network}|{wanted.Input}|{chain}|{layer}"))).ToArray();
        return new TermBlock(
            wanted.Input, [.. Enumerable.Repeat(1, layers)], wanted.Chains, means, [.. Enumerable.Repeat(7L, means.Length)]);
    }

    /// <summary>The events of the run, computed by a plain loop round the search's core.</summary>
    public static ImmutableArray<SearchEvent> ExpectedEvents() => PlainLoop.Events(Configuration, Benchmark, Block);

    /// <summary>A number from 0 to 1.</summary>
    private static double Number(string name) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) / (double)ulong.MaxValue;
}
