using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What proxy score says of the networks that a search of the same split never sees.</summary>
public sealed class HeldOutScoreTests : IDisposable
{
    private const string Expression = "abs(W) * abs(A)";

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        SearchArchitectures = 16,
        BatchSize = 1,
        SequenceLength = 8,
        SplitSeed = 5,
    };

    private static readonly EvaluatedBenchmark Asked = new("small", Distinct(SmallBenchmark.Create(24)), Configuration);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_figures_are_those_that_a_run_of_the_same_split_reports_of_the_proxy_and_of_every_baseline()
    {
        var report = await ScoreAsync(Asked, ProxyChoices.One(Expression));
        var sample = SearchSample.Of(Asked.Benchmark, Configuration);
        var evaluation = report.HeldOut.Evaluation;
        Assert.Equal(sample.HeldOut.Architectures.Select(architecture => architecture.Id), evaluation.Ids);
        var scores = report.Set.Architectures.Select(architecture => architecture.Id).Zip(report.Scored.Scores).ToDictionary();
        var asOfRun = RunReport.EvaluateHeldOut(
            Asked.Benchmark, Configuration, sample, [new ScoredRanking(Expression, [.. evaluation.Ids.Select(id => scores[id])])]);

        var expected = asOfRun.Baselines.Select(baseline => (baseline.Name, baseline.Figures))
            .Append((asOfRun.Proxies[0].Name, asOfRun.Proxies[0].Figures)).ToDictionary();
        Assert.Contains(StructureRegression.Name, expected.Keys);
        Assert.Equal(expected.Keys.Order(), evaluation.Rows.Select(row => row.Proxy.Name).Order());
        Assert.All(evaluation.Rows, row =>
        {
            var its = expected[row.Proxy.Name];
            Assert.Equal(
                (its.Rho, its.RhoInterval, its.TauA, its.TauB, its.PairAccuracy, its.PartialRho),
                (row.Figures!.Rho, row.Figures.RhoInterval, row.Figures.TauA, row.Figures.TauB, row.Figures.PairAccuracy,
                    row.Figures.PartialRho));
        });
        var proxy = evaluation.Proxies.Single();
        Assert.Equal(
            asOfRun.Proxies[0].Differences.Single(difference => difference.Baseline == evaluation.BestBaseline!.Proxy.Name),
            proxy.MinusBaseline);
    }

    [Fact]
    public async Task That_a_predictor_may_have_been_made_on_the_same_networks_is_said_as_of_evaluate()
    {
        var proxy = new ProxyPart(ProxyText.ParseProxy(Expression), Reduction.Mean, Reduction.Mean);
        var predictor = new Predictor("found", "flexibert", PredictorGroup.Of(proxy));
        var report = await ScoreAsync(Asked, ProxyChoices.One(Expression) with { Expressions = [], Predictors = [predictor] });
        Assert.Equal([PredictorOrigin.NoteOn(predictor, Asked)], report.Notes.AsEnumerable());
        Assert.Empty((await ScoreAsync(Asked, ProxyChoices.One(Expression))).Notes);
    }

    [Fact]
    public async Task No_network_is_computed_again_and_another_split_seed_holds_out_others()
    {
        var terms = new PlainTerms();
        var report = await ScoreReport.OfAsync(terms, Asked, ProxyChoices.One("snip"), default);
        Assert.Equal(report.Set.Networks.AsEnumerable(), Assert.Single(terms.AskedScores).Networks);
        Assert.Equal(SearchSample.Of(Asked.Benchmark, Configuration).Search.Networks.Length, report.HeldOut.Search.Networks);

        var other = await ScoreAsync(Asked with { Configuration = Configuration with { SplitSeed = 6 } }, ProxyChoices.One("snip"));
        Assert.NotEqual(report.HeldOut.Evaluation.Ids.AsEnumerable(), other.HeldOut.Evaluation.Ids);
        Assert.Equal(report.Scored.Scores.AsEnumerable(), other.Scored.Scores);
    }

    [Fact]
    public async Task The_ranks_of_a_predictor_are_among_the_held_out_architectures()
    {
        var group = PredictorGroup.MeanRank(
            new FeaturePart(FeaturePart.Layers), new FeaturePart(FeaturePart.HiddenSize) { Coefficient = 0.5 });
        var path = folder.Write("ranks.predictor.json", PredictorJson.Write(new Predictor("ranks", "flexibert", group)));
        var report = await ScoreAsync(Asked, ProxyChoices.One(path));
        var heldOut = SearchSample.Of(Asked.Benchmark, Configuration).HeldOut.Architectures;
        var structures = new StructuralBaselines(Asked.Benchmark, Configuration.SequenceLength);
        Assert.Equal(
            PredictorScores.OfStructure(group, heldOut, structures.Of), report.HeldOut.Evaluation.Proxies.Single().Proxy.Scores);
    }

    [Fact]
    public async Task Where_nothing_is_held_out_there_are_no_figures_and_the_reason()
    {
        // Every network has two genotypes, one of them in the search set.
        var four = SmallBenchmark.Create(4).Architectures;
        var twice = Asked.Benchmark with
        {
            Architectures = [.. four, .. four.Select(architecture => architecture with { Id = $"{architecture.Id}-again" })],
        };
        var configuration = Configuration with { SearchIds = [.. four.Select(architecture => architecture.Id)] };
        var terms = new PlainTerms();
        var report = await ScoreReport.OfAsync(
            terms, new EvaluatedBenchmark("twice", twice, configuration), ProxyChoices.One("snip"), default);
        Assert.Equal(8, report.Scored.Scores.Length);
        Assert.Single(terms.AskedScores);
        Assert.Contains(report.HeldOut.Evaluation.Rows, row => row.Proxy.Kind == ProxyKind.Designed);
        Assert.All(report.HeldOut.Evaluation.Rows, row => Assert.Equal("0 networks, and it takes 4 to rank them", row.Reason));
    }

    /// <summary>Every architecture a network of its own, so that there are enough for a regression on structure.</summary>
    private static Benchmark Distinct(Benchmark benchmark) => benchmark with
    {
        Architectures =
        [
            .. benchmark.Architectures.Select((architecture, i) => architecture with
            {
                Genotype = new FlexiBertGenotype(
                    architecture.Genotype.HiddenSize,
                    [
                        .. ((FlexiBertGenotype)architecture.Genotype).Layers.Select(
                            layer => layer with { FeedForwardDimension = 16 + (4 * i), FeedForwards = 3 }),
                    ]),
            }),
        ],
    };

    private static Task<ScoreReport> ScoreAsync(EvaluatedBenchmark asked, ProxyChoices proxies) =>
        ScoreReport.OfAsync(new PlainTerms(), asked, proxies, default);
}
