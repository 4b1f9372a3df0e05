using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What evaluate makes of terms from a plain loop, in the process and over the control API, and of files of scores.</summary>
public sealed class EvaluateUseCaseTests : IDisposable
{
    private const string Expression = "square(abs_log(H)) * exp(W)";

    private static readonly EvaluatedBenchmark Small = Of("small", SmallBenchmark.Create());

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Expressions_stand_beside_baselines_and_score_as_proxy_score_does()
    {
        var proxies = ProxyChoices.Read([Expression, "A, W"]);
        var terms = new PlainTerms();
        var rows = (await RunAsync(terms, proxies)).Rows;

        Assert.Equal([Expression, "A + disconnect(A)", "W + disconnect(W)"], proxies.Expressions.Select(named => named.Name));
        var row = rows.Single(row => row.Proxy.Name == Expression);
        var set = ArchitectureSet.Of(Small.Benchmark.Architectures, Small.Configuration.ShapesOn(Small.Benchmark));
        var scored = (await new ScoreUseCase(new PlainTerms(), threads: null, progress: null).RunAsync(
            Small, set, ProxyChoices.One(Expression), default)).Single();
        Assert.Equal(scored.Scores.AsEnumerable(), row.Proxy.Scores);
        Assert.Equal(Spearman.Rho(scored.Scores.AsSpan(), set.Truths), row.Figures!.Rho);
        Assert.Equal(ProxyKind.Expression, row.Proxy.Kind);
        Assert.Contains(rows, other => other is { Proxy: { Kind: ProxyKind.Baseline, Name: "layers" }, Figures: not null });

        // proxy score prints the same figures, of the baselines, too.
        var printed = JsonSerializer.SerializeToNode(
            (await ScoreReport.OfAsync(new PlainTerms(), Small, ProxyChoices.One(Expression), default)).Json(), MessageJson.Options)!;
        AssertPrinted(row, printed);
        var baselines = printed["baselines"]!.AsArray();
        Assert.Equal(rows.Count(other => other.Proxy.Kind == ProxyKind.Baseline), baselines.Count);
        Assert.All(
            baselines, baseline => AssertPrinted(rows.Single(other => other.Proxy.Name == (string)baseline!["name"]!), baseline!));

        // The passes over a network serve all expressions.
        Assert.Single(terms.Asked, wanted => wanted.NumericProfile is null);
        Assert.Equal(rows.Select(other => other.Figures!.Rho).OrderDescending(), rows.Select(other => other.Figures!.Rho));
        Assert.All(rows, other => Assert.Equal(other.Proxy.Kind != ProxyKind.Baseline, other.MinusBaseline is not null));

        static void AssertPrinted(EvaluationRow row, JsonNode figures) => Assert.Equal(
            (row.Figures!.Rho, row.Figures.TauA, row.Figures.TauB),
            ((double)figures["rho"]!, (double)figures["tauA"]!, (double)figures["tauB"]!));
    }

    [Fact]
    public async Task A_predictor_of_one_expression_scores_as_the_expression_and_by_its_own_probe()
    {
        var one = ProxyText.ParseProxy($"sum[{Expression}]");
        var predictor = new Predictor(
            "one", "flexibert", PredictorGroup.Of(new ProxyPart(one, Reduction.Mean, Reduction.Mean)),
            PredictorProbes.Of(Small.Configuration));
        var probed = predictor with { Name = "probed", Probe = predictor.Probe! with { WeightsSeed = 7, Shapes = Shapes.AsTrained } };
        var other = Small with { Configuration = Small.Configuration with { WeightsSeed = 7, Shapes = Shapes.AsTrained } };
        var rows = (await RunAsync(
            new PlainTerms(), ProxyChoices.Read([$"{Written(predictor)}, {Expression}", Written(probed)]))).Proxies.ToList();
        var elsewhere = (await new EvaluateUseCase(new PlainTerms(), threads: 1, progress: null)
            .RunAsync([other], ProxyChoices.Read([Expression]), published: null, sample: null, default))[0].Proxies.Single();

        var (named, expression) = (Row("one"), Row(Expression));
        Assert.Equal(ProxyKind.Predictor, named.Proxy.Kind);
        Assert.Equal(expression.Proxy.Scores.AsEnumerable(), named.Proxy.Scores);
        Assert.Equal(expression.Figures, named.Figures);
        Assert.Equal(elsewhere.Proxy.Scores.AsEnumerable(), Row("probed").Proxy.Scores);
        Assert.NotEqual(expression.Proxy.Scores.AsEnumerable(), Row("probed").Proxy.Scores);

        EvaluationRow Row(string name) => rows.Single(row => row.Proxy.Name == name);
    }

    [Fact]
    public async Task A_predictor_may_rank_by_structure_and_by_proxies_of_several_reductions()
    {
        var part = new ProxyPart(ProxyText.ParseProxy($"sum[{Expression}]"), Reduction.Mean, Reduction.Mean);
        var other = new ProxyPart(ProxyText.ParseProxy("last[abs(A)]"), Reduction.Sum, Reduction.Sum);
        var group = PredictorGroup.Lexicographic(
            new FeaturePart(FeaturePart.Layers),
            new GroupPart(PredictorGroup.MeanRank(part, other, new BaselinePart("parameters") { Coefficient = 0.5 })));
        var predictor = new Predictor("mixed", "flexibert", group, PredictorProbes.Of(Small.Configuration));
        var row = (await RunAsync(new PlainTerms(), ProxyChoices.One(Written(predictor)))).Proxies.Single();

        var proxies = new Dictionary<ProxyPart, ImmutableArray<double>>
        {
            [part] = await ScoresAsync(part), [other] = await ScoresAsync(other),
        };
        var structures = new StructuralBaselines(Small.Benchmark, Small.Configuration.SequenceLength);
        Assert.Equal(
            PredictorScores.Of(group, Small.Benchmark.Architectures, structures.Of, proxy => proxies[proxy]), row.Proxy.Scores);
        Assert.NotNull(row.MinusBaseline);

        async Task<ImmutableArray<double>> ScoresAsync(ProxyPart proxy)
        {
            var asked = Small with
            {
                Configuration = Small.Configuration with
                {
                    ElementReduction = proxy.ElementReduction,
                    TensorReduction = proxy.TensorReduction,
                },
            };
            var evaluation = (await new EvaluateUseCase(new PlainTerms(), threads: 1, progress: null).RunAsync(
                [asked], ProxyChoices.Read([proxy.Proxy.ToString()]), published: null, sample: null, default))[0];
            return evaluation.Proxies.Single().Proxy.Scores;
        }
    }

    [Fact]
    public async Task A_predictor_of_another_space_says_why_and_asks_for_nothing()
    {
        var terms = new PlainTerms();
        var gpt2 = new Predictor("far", "gpt2", PredictorGroup.Of(new FeaturePart("heads")));
        var row = (await RunAsync(terms, ProxyChoices.One(Written(gpt2)))).Proxies.Single();
        Assert.Contains("'gpt2'", row.Reason, StringComparison.Ordinal);
        Assert.Null(row.Figures);
        Assert.Empty(terms.Asked);
    }

    [Fact]
    public void A_predictor_may_have_been_made_on_the_networks_that_it_is_judged_on_unless_its_file_excludes_that()
    {
        var proxy = new ProxyPart(ProxyText.ParseProxy("sum[abs(W)]"), Reduction.Mean, Reduction.Mean);
        var depth = new Predictor("depth", "flexibert", PredictorGroup.Of(new FeaturePart(FeaturePart.Layers)));
        Assert.Equal(
            "The predictor depth may have been made on some of the very networks of small that it is judged on: its file names the space " +
            "flexibert, and no networks.",
            PredictorOrigin.NoteOn(depth, Small));
        Assert.Null(PredictorOrigin.NoteOn(depth with { Space = "gpt2" }, Small));

        // What transfer chooses is one formula, on several spaces.
        Assert.NotNull(PredictorOrigin.NoteOn(new Predictor("one", "gpt2", PredictorGroup.Of(proxy)), Small));
    }

    [Fact]
    public void A_file_that_is_no_predictor_is_one_line_that_names_it()
    {
        var depth = new Predictor("depth", "flexibert", PredictorGroup.Of(new FeaturePart(FeaturePart.Layers)));
        var changed = folder.Write(
            "changed.predictor.json", PredictorJson.Write(depth).Replace("layers", "heads", StringComparison.Ordinal));
        var other = folder.Write("other.predictor.json", "id,truth\na0,1\n");
        foreach (var (path, expected) in new[]
        {
            (changed, "was changed after it was written"),
            (other, "is no predictor"),
            (folder.File("none.predictor.json"), "there is no such predictor file"),
        })
        {
            var problem = Assert.Throws<UsageException>(() => ProxyChoices.Read([path])).Message;
            Assert.StartsWith(path, problem, StringComparison.Ordinal);
            Assert.Contains(expected, problem, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', problem);
        }

        // Different ones of one name are told apart, the same twice is one.
        var deep = folder.Write("a.predictor.json", PredictorJson.Write(depth));
        var wide = folder.Write("b.predictor.json", PredictorJson.Write(
            depth with { Root = PredictorGroup.Of(new FeaturePart(FeaturePart.HiddenSize)) }));
        Assert.Equal(["depth"], ProxyChoices.Read([deep, deep]).Predictors.Select(predictor => predictor.Name));
        Assert.Equal([deep, wide], ProxyChoices.Read([deep, wide]).Predictors.Select(predictor => predictor.Name));
    }

    [Fact]
    public void A_file_of_scores_may_stand_among_other_proxies()
    {
        var (first, second) = (folder.Write("first.csv", "id,one\na0,1\n"), folder.Write("a,b.csv", "id,two\na0,1\n"));
        var proxies = ProxyChoices.Read([$"{Expression}, scores:{first},snip", $"scores:{second}"]);
        Assert.Equal(["one", "two"], proxies.Files.SelectMany(file => file.Proxies));
        Assert.Equal([Expression], proxies.Expressions.Select(named => named.Name));
        Assert.Equal(["snip"], proxies.Designed.AsEnumerable());
    }

    [Fact]
    public async Task Designed_proxies_and_published_formulas_are_known_by_their_ids()
    {
        var proxies = ProxyChoices.Read(["plain, plain", "lpzero-gpt2"]);
        Assert.Equal(["plain"], proxies.Designed.AsEnumerable());
        var terms = new PlainTerms();
        var rows = (await RunAsync(terms, proxies)).Rows;

        // The pass of the scores brings along what the formula needs.
        Assert.Empty(Assert.Single(terms.AskedScores).Along.Except(terms.Asked.SelectMany(wanted => wanted.Branches)));
        Assert.NotEmpty(terms.AskedScores.Single().Along);
        var plain = Assert.Single(rows, row => row.Proxy.Name == "plain");
        Assert.Equal((ProxyKind.Designed, 18, true),
            (plain.Proxy.Kind, plain.Proxy.Scores.Length, plain.Proxy.SecondsPerArchitecture > 0));
        Assert.NotNull(plain.MinusBaseline);
        var formula = Assert.Single(rows, row => row.Proxy.Name == "lpzero-gpt2");
        Assert.Equal(ProxyKind.Expression, formula.Proxy.Kind);

        var all = ProxyChoices.Read(["all"]);
        Assert.Equal(ProxyNames.All, all.Designed.Concat(all.Expressions.Select(named => named.Name)));
        Assert.Contains("unknown proxy 'snib'; did you mean snip",
            Assert.Throws<UsageException>(() => ProxyChoices.Read(["snib"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_defined_on_some_networks_says_why_and_has_no_figures()
    {
        // Linear transforms have no attention probabilities.
        var row = (await RunAsync(new PlainTerms(), ProxyChoices.Read(["softmax-confidence"]))).Proxies.Single();
        Assert.NotNull(row.Reason);
        Assert.Null(row.Figures);
    }

    [Fact]
    public async Task A_cluster_gives_the_same_figures()
    {
        await using var api = await ApiAsync(new PlainTerms());
        using var remote = new HttpSearchService(new Uri(api.Urls.Single()).Authority);
        var proxies = ProxyChoices.Read([Expression]);
        var here = await RunAsync(new PlainTerms(), proxies);
        var there = await RunAsync(remote, proxies);
        Assert.Equal(Figures(here), Figures(there));

        static IEnumerable<(string, ProxyFigures?, RhoDifference?)> Figures(BenchmarkEvaluation evaluation) =>
            evaluation.Rows.Select(row => (row.Proxy.Name, row.Figures, row.MinusBaseline));
    }

    [Fact]
    public async Task The_time_is_that_of_what_was_computed_and_absent_where_nothing_was()
    {
        var proxies = ProxyChoices.Read([Expression]);
        Assert.NotNull(await SecondsAsync(new Reporting(new PlainTerms(), requests: 6), threads: 2));
        Assert.Null(await SecondsAsync(new Reporting(new PlainTerms(), requests: 0), threads: 2));
        Assert.Null(await SecondsAsync(new Reporting(new PlainTerms(), requests: 6), threads: null));

        async Task<double?> SecondsAsync(ITermCollector terms, int? threads) =>
            (await new EvaluateUseCase(terms, threads, progress: null)
                .RunAsync([Small], proxies, published: null, sample: null, default))[0].Proxies.Single().Proxy.SecondsPerArchitecture;
    }

    [Fact]
    public async Task A_file_of_scores_is_evaluated_on_the_benchmark_whose_ids_it_has()
    {
        var named = Of("named", SmallBenchmark.Create() with
        {
            Architectures = [.. SmallBenchmark.Create().Architectures.Select(each => each with { Id = $"b{each.Id}" })],
        });
        var path = folder.Write("scores.csv", "id,truth,constant\n" + string.Concat(named.Benchmark.Architectures.Select(each =>
            FormattableString.Invariant($"{each.Id},{each.Truth},1\n"))));
        var terms = new PlainTerms();
        var evaluations = await new EvaluateUseCase(terms, threads: 1, progress: null)
            .RunAsync([Small, named], ProxyChoices.Read([$"scores:{path}"]), published: null, sample: null, default);

        Assert.Empty(terms.Asked);
        Assert.All(evaluations[0].Proxies, row => Assert.Equal("the file holds the scores of another benchmark", row.Reason));
        Assert.Equal(1, evaluations[1].Rows[0].Figures!.Rho);
        Assert.Equal("every architecture has the same score", evaluations[1].Rows.Single(row => row.Proxy.Name == "constant").Reason);
        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(terms, ProxyChoices.Read([$"scores:{path}"])));
        Assert.Contains("line 2: small has no architecture 'ba0'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_scores_stand_beside_the_proxies_of_their_names()
    {
        var ours = (await RunAsync(new PlainTerms(), ProxyChoices.Read(["plain"]))).Proxies.Single().Proxy.Scores;
        var set = Small.Benchmark.Architectures;
        var csv = folder.Write("published.csv", "ID,GLUE Score,Plain,Jacobian Score Normalized\n" + string.Concat(set.Select((each, i) =>
            FormattableString.Invariant($"{each.Id},{each.Truth},{-ours[i]},{each.Truth}\n"))));
        var rows = (await RunAsync(
            new PlainTerms(), ProxyChoices.Read(["plain, snip, jacobian-cosine"]), published: PublishedScores.Read($"scores:{csv}"))).Rows;

        var plain = rows.Single(row => row.Proxy.Name == "plain");
        Assert.Equal(-1, plain.Published!.RhoWithOurs, 1e-12);
        Assert.Equal(-plain.Figures!.Rho, plain.Published.Rho, 1e-12);
        var cosine = rows.Single(row => row.Proxy.Name == "jacobian-cosine");
        Assert.Equal(cosine.Figures!.Rho, cosine.Published!.RhoWithOurs, 1e-12);
        Assert.Equal(1, cosine.Published.Rho, 1e-12);
        Assert.All(rows.Where(row => row != plain && row != cosine), row => Assert.Null(row.Published));
    }

    [Fact]
    public async Task A_sample_is_the_same_every_time_and_asks_for_its_networks_alone()
    {
        var terms = new PlainTerms();
        var evaluation = await RunAsync(terms, ProxyChoices.Read([Expression]), sample: 8);
        var again = await RunAsync(new PlainTerms(), ProxyChoices.Read([Expression]), sample: 8);
        Assert.InRange(evaluation.Ids.Length, 4, 8);
        Assert.Equal(evaluation.Ids.AsEnumerable(), again.Ids);
        Assert.All(terms.Asked, wanted => Assert.Equal(evaluation.Networks, wanted.Networks.Length));
        Assert.Equal(18, (await RunAsync(new PlainTerms(), ProxyChoices.Read([Expression]), sample: 1000)).Ids.Length);
    }

    [Fact]
    public async Task What_a_split_holds_out_has_a_table_of_its_own_as_proxy_score_has_it()
    {
        var depth = new Predictor("depth", "flexibert", PredictorGroup.MeanRank(new FeaturePart(FeaturePart.Layers)));
        var path = folder.Write("scores.csv", "id,truth\n" + string.Concat(Small.Benchmark.Architectures.Select(each =>
            FormattableString.Invariant($"{each.Id},{each.Truth}\n"))));
        var heldOut = (await RunAsync(
            new PlainTerms(), ProxyChoices.Read([$"{Expression}, snip, softmax-confidence, {Written(depth)}", $"scores:{path}"]))).HeldOut!;
        Assert.Equal(
            SearchSample.Of(Small.Benchmark, Small.Configuration).HeldOut.Architectures.Select(architecture => architecture.Id),
            heldOut.Evaluation.Ids);
        foreach (var proxy in new[] { Expression, "snip", Written(depth) })
        {
            var alone = (await ScoreReport.OfAsync(new PlainTerms(), Small, ProxyChoices.One(proxy), default)).HeldOut.Evaluation;
            var expected = alone.Proxies.Single();
            var row = heldOut.Evaluation.Rows.Single(row => row.Proxy.Name == expected.Proxy.Name);
            Assert.Equal((expected.Figures, expected.MinusBaseline), (row.Figures, row.MinusBaseline));
            Assert.Subset(
                heldOut.Evaluation.Rows.Select(other => (other.Proxy.Name, other.Figures)).ToHashSet(),
                alone.Rows.Select(other => (other.Proxy.Name, other.Figures)).ToHashSet());
        }

        Assert.Equal(1, heldOut.Evaluation.Rows.Single(row => row.Proxy.Name == "truth").Figures!.Rho);
        Assert.NotNull(heldOut.Evaluation.Rows.Single(row => row.Proxy.Name == "softmax-confidence").Reason);
    }

    [Fact]
    public async Task A_part_of_a_sample_is_held_out_unless_it_is_too_small()
    {
        var evaluation = await RunAsync(new PlainTerms(), ProxyChoices.Read([Expression]), sample: 12);
        var heldOut = evaluation.HeldOut!;
        Assert.InRange(heldOut.Search.Genotypes, 4, 8);
        Assert.Equal(evaluation.Ids.Length, heldOut.Search.Genotypes + heldOut.Evaluation.Ids.Length);
        Assert.Subset(evaluation.Ids.ToHashSet(), heldOut.Evaluation.Ids.ToHashSet());
        Assert.Null((await RunAsync(new PlainTerms(), ProxyChoices.Read([Expression]), sample: 7)).HeldOut);
        Assert.EndsWith(
            "architectures are too few to search some of them and to rank the others",
            HeldOutScore.FindProblem(BenchmarkSample.Evaluated(Small, 7)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_ends()
    {
        var held = new PlainTerms { IsHeld = true };
        using var interrupt = new CancellationTokenSource();
        var evaluation = new EvaluateUseCase(held, threads: 1, progress: null)
            .RunAsync([Small], ProxyChoices.Read([Expression]), published: null, sample: null, interrupt.Token);
        await held.Begun.Task;
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluation);
    }

    [Theory]
    [InlineData("A,,W", "nothing between two commas")]
    [InlineData("", "nothing between two commas")]
    public void An_empty_name_is_refused(string value, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<UsageException>(() => ProxyChoices.Read([value])).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_files_with_one_column_are_refused()
    {
        var path = folder.Write("scores.csv", "id,snip\na0,1\n");
        Assert.Contains("two files have a column 'snip'",
            Assert.Throws<UsageException>(() => ProxyChoices.Read([$"scores:{path}", $"scores:{path}"])).Message, StringComparison.Ordinal);
    }

    private static async Task<BenchmarkEvaluation> RunAsync(
        ITermCollector terms, ProxyChoices proxies, int? sample = null, ScoreFile? published = null) =>
        (await new EvaluateUseCase(terms, threads: 1, progress: null).RunAsync([Small], proxies, published, sample, default))[0];

    private string Written(Predictor predictor) =>
        folder.Write($"{predictor.Name}.predictor.json", PredictorJson.Write(predictor));

    private static EvaluatedBenchmark Of(string name, Benchmark benchmark) => new(
        name, benchmark with { Name = name },
        new SearchConfiguration { Preset = "default" } with { SearchArchitectures = 10, BatchSize = 2, SequenceLength = 16 });

    private static async Task<WebApplication> ApiAsync(ITermCollector terms)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var api = builder.Build();
        api.Urls.Add("http://127.0.0.1:0");
        ControlApi.Map(api, () => new RecordingService { Terms = terms });
        await api.StartAsync();
        return api;
    }

    /// <summary>Says that so many requests were made.</summary>
    private sealed class Reporting(ITermCollector inner, int requests) : ITermCollector
    {
        public async Task<string> EnsureTermsAsync(WantedTerms wanted, IProgress<TermProgress>? progress, CancellationToken cancellation)
        {
            progress?.Report(new TermProgress(requests, requests));
            return await inner.EnsureTermsAsync(wanted, progress, cancellation);
        }

        public IAsyncEnumerable<ImmutableArray<TermBlock>> TermsAsync(StoredTerms stored, CancellationToken cancellation) =>
            inner.TermsAsync(stored, cancellation);

        public Task<ImmutableArray<ImmutableArray<ProxyScore>>> ScoresAsync(
            WantedScores wanted, IProgress<TermProgress>? progress, CancellationToken cancellation) =>
            inner.ScoresAsync(wanted, progress, cancellation);
    }
}
