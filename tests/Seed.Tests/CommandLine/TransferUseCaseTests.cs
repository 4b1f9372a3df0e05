using System.Text.Json.Nodes;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What transfer makes of terms from a plain loop: a formula of encoders and decoders, chosen, frozen and judged.</summary>
public sealed class TransferUseCaseTests
{
    private static readonly SearchConfiguration Configuration = new SearchConfiguration
    {
        Preset = "default",
        SearchArchitectures = 12,
        BatchSize = 2,
        SequenceLength = 16,
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W],
        MinDistinct = 0.2,
    };

    private static readonly EvaluatedBenchmark Encoders = new("small", SmallBenchmark.Create(), Configuration);
    private static readonly EvaluatedBenchmark Decoders = new("small-decoders", SmallDecoders.Create(), Configuration);
    private static readonly EvaluatedBenchmark Others = new("others", SmallDecoders.Create(24), Configuration);

    // Without their last layer these have none, so every score is 0.
    private static readonly EvaluatedBenchmark Shallow = Encoders with
    {
        Benchmark = Encoders.Benchmark with
        {
            Architectures = [.. Encoders.Benchmark.Architectures.Where(architecture => architecture.Genotype.LayerCount == 1)],
        },
        Configuration = Configuration with { SearchArchitectures = 4, LayerReductions = [LayerReduction.AllButLast] },
    };

    [Fact]
    public async Task A_formula_is_frozen_before_any_network_is_scored_that_it_was_not_chosen_on()
    {
        var terms = new PlainTerms();
        Predictor? frozen = null;
        var report = await RunAsync(terms, Request(), formula =>
        {
            frozen = formula;
            var known = terms.Asked.SelectMany(wanted => wanted.Networks).ToHashSet();
            Assert.All(new[] { Encoders, Decoders }, set => Assert.Empty(
                SearchSample.Of(set.Benchmark, Configuration).HeldOut.Networks.Intersect(known)));
        });

        Assert.NotNull(frozen);
        Assert.Equal(PredictorJson.DigestOf(frozen), report.Digest);
        Assert.Equal(["small", "small-decoders"], report.ChosenOn.Select(set => set.Benchmark));
        Assert.True(report.Considered > 100);
        Assert.Equal(
            [("small", true), ("small-decoders", true), ("others", false)], report.Rows.Select(row => (row.Benchmark, row.IsChosenOn)));
        Assert.Equal(SearchSample.Of(Encoders.Benchmark, Configuration).HeldOut.Architectures.Length, report.Rows[0].Size.Genotypes);
        Assert.Equal(24, report.Rows[2].Size.Genotypes);
    }

    [Fact]
    public async Task No_formula_of_the_space_is_better_on_both_search_parts_together()
    {
        var report = await RunAsync(new PlainTerms(), Request());
        var value = report.ChosenOn.Average(set => Math.Atanh(set.Rho));
        foreach (var expression in new[] { "sum[A]", "sum[abs(A) + W]", "sum[square(W) * A]", "sum[std(A) * std(W)]" })
        {
            var rhos = new List<double>();
            foreach (var set in new[] { Encoders, Decoders })
            {
                var search = SearchSample.Of(set.Benchmark, Configuration).Search;
                var part = ProxyParts.Of(ProxyText.ParseProxy(expression), Configuration);
                var scores = (await new ProxyPartScores(new PlainTerms(), progress: null).OfAsync(set, search, [part], default))[part];
                rhos.Add(Spearman.Rho(scores, search.Truths));
            }

            Assert.True(value >= rhos.Average(Math.Atanh) - 1e-9, expression);
        }
    }

    [Fact]
    public async Task The_formula_judged_again_as_a_file_or_as_an_expression_has_the_same_figures()
    {
        Predictor? frozen = null;
        var chosen = await RunAsync(new PlainTerms(), Request(), formula => frozen = formula);
        var read = PredictorJson.Read(PredictorJson.Write(frozen!));
        var again = await RunAsync(new PlainTerms(), Request() with { Given = read });
        var expression = await RunAsync(new PlainTerms(), Request() with
        {
            Given = TransferUseCase.Freeze(ProxyText.ParseProxy(chosen.Formula), Encoders),
        });
        Assert.Equal(chosen.Digest, again.Digest);
        Assert.Equal(chosen.Digest, expression.Digest);
        Assert.Equal(chosen.Rows.AsEnumerable(), again.Rows);
        Assert.Empty(again.ChosenOn);
        Assert.Empty(chosen.Notes);
        Assert.Equal([TransferReport.Given], again.Notes.AsEnumerable());
        Assert.Contains(TransferReport.Given, again.Markdown(), StringComparison.Ordinal);
        Assert.Contains(TransferReport.Given, again.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_reductions_find_nothing_worse()
    {
        var (one, all) = (
            await RunAsync(new PlainTerms(), Request()), await RunAsync(new PlainTerms(), Request() with { AllReductions = true }));
        Assert.True(all.Considered > 4 * one.Considered);
        Assert.True(all.ChosenOn.Average(set => Math.Atanh(set.Rho)) >= one.ChosenOn.Average(set => Math.Atanh(set.Rho)));
    }

    [Fact]
    public async Task Hand_formula_and_regression_stand_beside_it_on_the_networks_that_they_share()
    {
        var report = await RunAsync(new PlainTerms(), Request());
        var row = report.Rows[2];
        Assert.Equal(row.Figures!.Rho - row.Hand!.Rho, row.MinusHand!.Difference, 1e-12);
        Assert.Equal(row.Hand.Name, row.MinusHand.Baseline);
        Assert.Equal(row.Regression!.FormulaRho - row.Regression.Rho, row.Regression.Minus.Difference, 1e-12);
        Assert.Equal((12, 12), (row.Regression.Fitted.Genotypes, row.Regression.Size.Genotypes));
        Assert.Contains("12 architectures of others", report.Markdown(), StringComparison.Ordinal);
        Assert.InRange(row.MinusHand.Difference, row.MinusHand.Interval.Low, row.MinusHand.Interval.High);

        // Of a set that it was chosen on both are of the held-out part.
        Assert.All(report.Rows.Where(each => each is { IsChosenOn: true, Regression: not null }), each =>
            Assert.Equal(each.Figures!.Rho, each.Regression!.FormulaRho));

        var json = JsonNode.Parse(TransferJson.Text(TransferJson.Of(report, Configuration, "/out")))!;
        Assert.Equal(report.Digest, (string)json["digest"]!);
        Assert.Equal(row.Figures.Rho, (double)json["sets"]![2]!["rho"]!);
        Assert.Equal(row.MinusHand.Interval.Low, (double)json["sets"]![2]!["minusHandLow"]!);
        Assert.Equal(row.Regression.Minus.Interval.High, (double)json["sets"]![2]!["minusRegressionHigh"]!);
        Assert.Contains($"`{report.Formula}`", report.Markdown(), StringComparison.Ordinal);
        Assert.Contains("small, held out", report.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_with_tasks_shows_the_ceiling_by_group_and_how_formula_hand_formula_and_regression_rank_each_truth()
    {
        var tasks = Others with
        {
            Benchmark = SmallTasks.Of(Others.Benchmark),
            Configuration = Configuration with { SearchArchitectures = 24 },
        };
        var report = await RunAsync(new PlainTerms(), Request() with { ChooseOn = [tasks], JudgeOn = [tasks, Encoders] });
        var (chosen, foreign) = (report.Rows[0], report.Rows[1]);
        Assert.Equal(
            [report.Formula, chosen.Hand!.Name, "structure regression"], chosen.Truths!.Rankings.Select(ranking => ranking.Name));

        // Where the regression was fitted on some of the networks, it is no ranking of them.
        Assert.Equal([report.Formula, foreign.Hand!.Name], foreign.Truths!.Rankings.Select(ranking => ranking.Name));
        Assert.Equal(chosen.Figures!.Rho, chosen.Truths.Rankings[0].ByTruth[0].All, 12);
        Assert.Equal(-chosen.Figures.Rho, chosen.Truths.Rankings[0].ByTruth[2].All, 12);
        Assert.Equal(chosen.Regression!.Rho, chosen.Truths.Rankings[2].ByTruth[0].All, 12);
        Assert.Null(report.Rows[2].Truths);
        Assert.Equal(
            ["Rho by truth and by task on others, held out", "Noise ceiling on others, held out", "Rho by truth and by task on others",
                "Noise ceiling on others", "Noise ceiling on small"],
            report.TruthsOfEach().Select(table => table.Title));

        var json = JsonNode.Parse(TransferJson.Text(TransferJson.Of(report, Configuration, "/out")))!["sets"]!;
        Assert.Equal((double)json[0]!["ceiling"]!, (double)json[0]!["noiseCeiling"]!["rho"]!);
        Assert.Equal(SmallTasks.Mirrored, (string)json[0]!["truths"]![2]!["name"]!);
        Assert.Null(json[2]!["truths"]);
        foreach (var page in new[] { report.Markdown(), report.Html() })
        {
            Assert.Contains("Noise ceiling on others, held out", page, StringComparison.Ordinal);
            Assert.Contains(SmallTasks.Mirrored, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_set_on_which_the_formula_says_nothing_says_why()
    {
        var ofEncoders = new Predictor("mine", "flexibert", PredictorGroup.Of(new FeaturePart("head width")), Probe: null);
        var report = await RunAsync(new PlainTerms(), Request() with { Given = ofEncoders });
        Assert.NotNull(report.Rows[0].Figures);
        Assert.All(report.Rows.Skip(1), row =>
        {
            Assert.Null(row.Figures);
            Assert.Contains("fitted on the space 'flexibert'", row.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_sample_of_few_networks_is_refused_by_its_own_name()
    {
        // Each network three times: eight of these architectures are two networks.
        var thrice = Others with
        {
            Benchmark = Others.Benchmark with
            {
                Architectures =
                [
                    .. Others.Benchmark.Architectures.SelectMany(
                        architecture => Enumerable.Range(0, 3).Select(i => architecture with { Id = $"{architecture.Id}-{i}" })),
                ],
            },
        };
        var problem = Assert.Throws<UsageException>(() => TransferCommand.PartOf(thrice, sample: 8));
        Assert.Equal("--sample 8: so many of others are 2 different networks, too few to rank; give more", problem.Message);
        Assert.Equal(24, TransferCommand.PartOf(thrice, sample: 25).Architectures.Length);
        Assert.Equal(8, TransferCommand.PartOf(Others, sample: 8).Architectures.Length);
        Assert.Same(thrice.Benchmark, TransferCommand.PartOf(thrice, sample: null));
    }

    [Fact]
    public async Task Nothing_is_frozen_where_nothing_can_be_chosen()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(
            new PlainTerms(), Request() with { ChooseOn = [Shallow] }, _ => Assert.Fail("the folder is taken with what is frozen")));
        Assert.Contains("no proxy is valid on all of the sets", problem.Message, StringComparison.Ordinal);
    }

    private static Task<TransferReport> RunAsync(PlainTerms terms, TransferRequest request, Action<Predictor>? freeze = null) =>
        new TransferUseCase(terms, new ExhaustiveDisplay(quiet: true)).RunAsync(request, freeze ?? (_ => { }), default);

    private static TransferRequest Request() =>
        new([Encoders, Decoders], [Others], Given: null, AllReductions: false, Threads: 2, "lpzero transfer");
}
