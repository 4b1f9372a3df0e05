using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Tests.Reporting;

/// <summary>A report over generated architectures whose truth is depth, width, the number of feed-forwards, and noise.</summary>
internal static class SampleReport
{
    public const int SearchSize = 60;
    public const int HeldOutSize = 120;
    public const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>A report on proxies that see the given share of what layers and hidden size do not tell.</summary>
    public static ReportData Of(double insight, ulong seed = 1)
    {
        var random = new SplittableRandom(seed);
        var architectures = Enumerable.Range(0, SearchSize + HeldOutSize).Select(i => Draw(i, ref random)).ToList();
        var search = architectures.Take(SearchSize).ToImmutableArray();
        var heldOut = architectures.Skip(SearchSize).ToImmutableArray();
        var baselines = new StructuralBaselines(
            new Benchmark("generated", "truth (points)", Shapes.AsTrained, FlexiBertSpace.PublicSizes, [.. architectures]),
            sequenceLength: 128).All;
        (string Expression, Func<Architecture, double> Score)[] proxies =
        [
            ("sum(mean(abs(W)) * std(log(A)))", a => Guess(a, insight)),
            ("sum(no_op(no_op(S)) - mean(exp(H)))", a => a.Genotype.LayerCount),
        ];
        var evaluation = HeldOutEvaluation.Evaluate(
            new EvaluationSet(
                [.. heldOut.Select(a => a.Truth)],
                [.. heldOut.Select(a => a.Genotype.Resolve(Shapes.AsTrained).ToString())],
                [.. heldOut.Select(StructuralBaselines.GroupOf)]),
            [.. baselines.Select(b => b.Rank(heldOut))],
            [.. proxies.Select(p => new ScoredRanking(p.Expression, [.. heldOut.Select(p.Score)]))],
            seed: 7,
            resamples: 200);
        var against = new SpearmanAgainst(search.Select(a => a.Truth).ToArray());
        return new ReportData
        {
            RunName = "sample & <run>",
            BenchmarkName = "generated",
            Metric = "truth (points)",
            Configuration = [new Setting("seed", "42"), new Setting("layerReduction", "sum")],
            Search = Size(search),
            HeldOut = new SetSize(evaluation.Architectures, evaluation.Networks),
            Baselines = [.. baselines.Zip(evaluation.Baselines,
                (b, result) => new BaselineEntry(b.Name, against.Rho(b.Rank(search).Scores.AsSpan()), result.Figures))],
            Proxies =
            [
                .. proxies.Zip(evaluation.Proxies, (p, result) => new ProxyEntry(
                    p.Expression,
                    p.Expression.Replace("no_op(no_op(S))", "S", StringComparison.Ordinal),
                    against.Rho(search.Select(p.Score).ToArray()),
                    result.Figures,
                    result.Differences)),
            ],
            Convergence = [.. Enumerable.Range(0, 1000).Select(i => new ConvergencePoint(i, 0.93 - (0.2 / (1 + (i / 40)))))],
            Scatter = [.. architectures.Select((a, i) =>
                new ScatterPoint(a.Id, proxies[0].Score(a), a.Truth, i < SearchSize ? Side.Search : Side.HeldOut))],
            Pruned = [new PruneCount("abs-of-nonnegative", 1234), new PruneCount("value-free", 0)],
            TermCache = new TermCacheUse(9000, 1000),
            Seconds = 754.2,
            Origin = new ReportOrigin(
                new DateTime(2026, 11, 26, 5, 26, 32, DateTimeKind.Utc), "0.1.0+0123abc", Digest,
                "lpzero search start --benchmark stored:0123 --name again --seed 42"),
            Scored = 1085,
            Invalid = 65,
            Ended = "all iterations are done",
            Options = [new OptionEntry("sum over layers", 0.921, 0.913, false),
                new OptionEntry("all layers but the last, structural prefix", 0.939, 0.935, true)],
            Notes = ["The architectures of this report are generated."],
        };
    }

    private static SetSize Size(ImmutableArray<Architecture> architectures) =>
        new(architectures.Length, architectures.Select(a => a.Genotype.Resolve(Shapes.AsTrained)).Distinct().Count());

    private static Architecture Draw(int id, ref SplittableRandom random)
    {
        var depth = 2 + (2 * random.Next(2));
        var hidden = 128 << random.Next(2);
        var layers = ImmutableArray.CreateBuilder<FlexiBertLayer>();
        for (var i = 0; i < depth; i++)
        {
            layers.Add(new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2 + (2 * random.Next(2)), 512, 1 + (2 * random.Next(2))));
        }

        var genotype = new FlexiBertGenotype(hidden, layers.ToImmutable());
        var architecture = new Architecture($"a{id}", genotype, 0);
        return architecture with { Truth = Guess(architecture, 1) + (0.15 * random.NextDouble()) };
    }

    private static double Guess(Architecture architecture, double insight) =>
        architecture.Genotype.LayerCount
        + (architecture.Genotype.HiddenSize / 200.0)
        + (insight * ((FlexiBertGenotype)architecture.Genotype).Layers.Sum(layer => layer.FeedForwards + layer.Heads) / 30.0);
}
