using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.ArchitectureSearch;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What nas makes of scores from a plain loop, over a small benchmark and over the genotypes of its space.</summary>
public sealed class NasUseCaseTests : IDisposable
{
    private const string Expression = "square(abs_log(H)) * exp(W)";

    private static readonly EvaluatedBenchmark Small = new("small", SmallBenchmark.Create(), new SearchConfiguration
    {
        Preset = "default",
        SearchArchitectures = 12,
        BatchSize = 2,
        SequenceLength = 16,
    });

    // Every genotype is a network of its own.
    private static readonly EvaluatedBenchmark Decoders = new("decoders", SmallDecoders.Create(24), Small.Configuration);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task All_methods_score_the_same_number_of_the_benchmarks_networks_and_regret_is_what_their_best_lacks()
    {
        var result = await RunAsync(Request(Expression, NasAmong.All, budget: 6) with { On = Decoders });
        Assert.Equal((Expression, "expression", "evolution"), (result.Asked.Ranking, result.Asked.Kind, result.Asked.Strategy));
        Assert.Equal(["evolution", "random"], result.Methods.Select(method => method.Strategy).Distinct());
        Assert.Contains(result.Methods, method => method is { Ranking: "layers", Kind: "baseline" });
        Assert.Contains(result.Methods, method => method is { Ranking: RankingNames.LayersThenHiddenSize, Kind: "baseline" });
        Assert.Contains(result.Methods, method => method is { Ranking: RankingNames.StructureRegression, Kind: "regression" });
        Assert.Contains(result.Methods, method => method is { Ranking: RankingNames.StackedRegressions, Kind: "regression" });
        var best = Decoders.Benchmark.Architectures.Max(architecture => architecture.Truth);
        Assert.Equal(best, result.Truth!.Best.Truth);
        Assert.All(result.Methods.SelectMany(method => method.Runs), run =>
        {
            Assert.Equal(6, run.Scored);
            Assert.InRange(run.RegretTop10, 0, run.RegretTop1);
        });

        // Scores of a proxy do not tie, so the regret is that of the best one.
        Assert.All(result.Asked.Runs, run => Assert.Equal(best - run.Best.Truth!.Value, run.RegretTop1, 1e-12));
        Assert.True(result.Truth.ChanceTop10 < result.Truth.ChanceTop1);
        Assert.Null(result.Truth.Noise);
        Assert.True(result.Found.Networks.Length > 6);
        Assert.Equal(result.Found.Networks.Length, result.Found.Networks.Select(network => network.Network).Distinct().Count());
    }

    [Fact]
    public async Task The_same_request_finds_the_same_and_the_budget_of_all_finds_the_best_by_score()
    {
        var (one, two) = (
            await RunAsync(Request(Expression, NasAmong.HeldOut, budget: 3)),
            await RunAsync(Request(Expression, NasAmong.HeldOut, budget: 3)));
        Assert.Equal(Text(one), Text(two));

        var sample = SearchSample.Of(Small.Benchmark, Small.Configuration);
        var all = await RunAsync(Request("parameters", NasAmong.HeldOut, budget: 100));
        Assert.All(all.Asked.Runs, run => Assert.Equal(sample.HeldOut.Networks.Length, run.Scored));
        Assert.Equal(
            all.Found.Networks.Max(network => network.Structure.Parameters!.Total), all.Asked.Runs[0].Best.Structure.Parameters!.Total);
        Assert.All(all.Found.Networks, network => Assert.Contains(network.Network, sample.HeldOut.Networks));

        static string Text(NasResult result) => NasJson.Text(NasJson.Of(result, Small.Configuration, ""));
    }

    [Fact]
    public async Task A_structural_ranking_asks_for_no_terms()
    {
        var terms = new PlainTerms();
        await new NasUseCase(terms, progress: null).RunAsync(Request("layers x hidden", NasAmong.All), () => { }, default);
        Assert.Empty(terms.Asked);
    }

    [Fact]
    public async Task Genotypes_that_nobody_trained_are_found_within_the_limits_and_each_is_computed_once()
    {
        var limit = Small.Benchmark.Architectures.Average(architecture => architecture.Genotype.Describe(
            Small.Benchmark.Sizes, 16).Parameters!.Total);
        var terms = new PlainTerms();
        var result = await new NasUseCase(terms, progress: null).RunAsync(
            Request(Expression, NasAmong.Genotypes, budget: 8, new SizeLimits(limit, Flops: null)), () => { }, default);
        Assert.Null(result.Truth);
        Assert.All(result.Found.Networks, network => Assert.True(network.Structure.Parameters!.Total <= limit));
        Assert.Contains(result.Found.Networks, network => network.Truth is null);
        var asked = terms.Asked.Where(wanted => !wanted.Branches.IsEmpty).SelectMany(wanted => wanted.Networks).ToList();
        Assert.Equal(asked.Count, asked.Distinct().Count());

        var front = result.Front.Select(index => result.Found.Networks[index].Structure.Parameters!.Total).ToList();
        Assert.Equal(front.Order(), front);
        Assert.Equal(result.Found.Scores.Max(), result.Front.Max(index => result.Found.Scores[index]));
    }

    [Fact]
    public async Task Limits_within_which_a_seed_draws_nothing_are_refused_before_anything_is_computed()
    {
        // Of the decoders one is narrow, and of many layers drawn at random none is that narrow throughout.
        var narrow = Enumerable.Repeat(new Gpt2Layer(2, 1), 24).ToImmutableArray();
        var first = (Gpt2Genotype)Decoders.Benchmark.Architectures[0].Genotype;
        var architecture = Decoders.Benchmark.Architectures[0] with
        {
            Genotype = new Gpt2Genotype { Hidden = 16, Embedding = first.Embedding, Positions = first.Positions, Layers = narrow },
        };
        var deep = Decoders with
        {
            Benchmark = Decoders.Benchmark with
            {
                Architectures =
                [
                    architecture,
                    .. Decoders.Benchmark.Architectures.Skip(1).Select((other, i) => other with
                    {
                        Genotype = new Gpt2Genotype
                        {
                            Hidden = 16,
                            Embedding = first.Embedding,
                            Positions = first.Positions,
                            Layers = [.. narrow.Select(layer => layer with { FeedForward = 500 + i })],
                        },
                    }),
                ],
            },
        };
        var least = architecture.Genotype.Describe(deep.Benchmark.Sizes, 16).Parameters!.Total;
        var (terms, begun) = (new PlainTerms(), false);
        var problem = await Assert.ThrowsAsync<UsageException>(() => new NasUseCase(terms, progress: null).RunAsync(
            Request(Expression, NasAmong.Genotypes, limits: new SizeLimits(least, Flops: null)) with { On = deep, Seeds = [8, 9] },
            () => begun = true, default));
        Assert.Contains("hardly any genotype is within the limits, none that seed 8 draws; the least of", problem.Message,
            StringComparison.Ordinal);
        Assert.False(begun);
        Assert.Empty(terms.Asked);
    }

    [Fact]
    public void Memory_is_looked_at_for_the_largest_genotype_within_the_limits()
    {
        var request = Request(Expression, NasAmong.Genotypes) with { On = Decoders };
        var largest = NasUseCase.LargestOf(request)!.Benchmark.Architectures.Single().Genotype;
        var pool = GenePool.Of([.. Decoders.Benchmark.Architectures.Select(architecture => architecture.Genotype)])!;
        var random = new SplittableRandom(3);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            Assert.True(PeakOf(pool.Draw(ref random)) <= PeakOf(largest));
        }

        Assert.True(PeakOf(largest) > Decoders.Benchmark.Architectures.Max(architecture => PeakOf(architecture.Genotype)));

        var limits = new SizeLimits(ParametersOf(largest) - 1, Flops: null);
        var within = NasUseCase.LargestOf(request with { Limits = limits })!.Benchmark.Architectures.Single().Genotype;
        Assert.True(ParametersOf(within) < ParametersOf(largest));
        Assert.Null(NasUseCase.LargestOf(request with { Limits = new SizeLimits(1, Flops: null) }));
        Assert.Null(NasUseCase.LargestOf(request with { Among = NasAmong.All }));

        static long PeakOf(Genotype genotype) =>
            Network.MemoryOf(new ProbedNetwork(genotype, Decoders.Configuration.Probe(Decoders.Benchmark.Sizes))).Peak;

        static double ParametersOf(Genotype genotype) => genotype.Describe(Decoders.Benchmark.Sizes, 16).Parameters!.Total;
    }

    [Fact]
    public async Task A_predictor_finds_what_its_expression_finds()
    {
        var part = ProxyParts.Of(ProxyNames.FindExpression(Expression)!, Small.Configuration);
        var predictor = new Predictor("mine", "flexibert", PredictorGroup.Of(part), PredictorProbes.Of(Small.Configuration));
        var file = folder.Write("mine.predictor.json", PredictorJson.Write(predictor));
        var read = PredictorFile.Find(file)!;
        var (one, two) = (
            await RunAsync(Request(Expression, NasAmong.All)), await RunAsync(Request(file, NasAmong.All) with { Predictor = read }));
        Assert.Equal(("mine", "predictor"), (two.Asked.Ranking, two.Asked.Kind));
        Assert.Equal(one.Found.Networks.Select(network => network.Id), two.Found.Networks.Select(network => network.Id));
        Assert.Equal(one.Found.Scores.AsEnumerable(), two.Found.Scores);

        // The file names a space, and none of the networks that it was made on.
        Assert.Empty(one.Notes);
        Assert.Contains("may have been made on some of the very networks of small", Assert.Single(two.Notes), StringComparison.Ordinal);
        var held = (await RunAsync(Request(file, NasAmong.HeldOut) with { Predictor = read })).Notes.Single();
        Assert.EndsWith("with this --split-seed and --search-architectures looked at.", held, StringComparison.Ordinal);

        var elsewhere = predictor with { Space = "gpt2", Root = PredictorGroup.Of(new FeaturePart("embedding width")), Probe = null };
        var problem = await Assert.ThrowsAsync<UsageException>(
            () => RunAsync(Request("other.predictor.json", NasAmong.All) with { Predictor = elsewhere }));
        Assert.StartsWith("other.predictor.json: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_one_line_that_says_how_to_mend_it()
    {
        foreach (var among in Enum.GetValues<NasAmong>())
        {
            var nothing = await Assert.ThrowsAsync<UsageException>(
                () => RunAsync(Request(Expression, among, limits: new SizeLimits(10, Flops: 20))));
            Assert.StartsWith("--max-parameters 10 --max-flops 20: no network is within the limits; the least of small is ",
                nothing.Message, StringComparison.Ordinal);
            Assert.EndsWith(": give more", nothing.Message, StringComparison.Ordinal);
        }

        var unknown = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Request("parametres", NasAmong.All)));
        Assert.Contains("unknown proxy 'parametres'", unknown.Message, StringComparison.Ordinal);

        // Linear transforms have no attention probabilities.
        var undefined = await Assert.ThrowsAsync<UsageException>(
            () => RunAsync(Request("softmax-confidence", NasAmong.All, budget: 18)));
        Assert.StartsWith("softmax-confidence: it is not defined on the networks", undefined.Message, StringComparison.Ordinal);

        Assert.Contains("there is no such predictor file", Assert.Throws<UsageException>(
            () => PredictorFile.Find(folder.File("none.predictor.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("has no digest", Assert.Throws<UsageException>(
            () => PredictorFile.Find(folder.Write("half.json", "{}"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_has_every_method_and_the_front_and_json_names_its_version()
    {
        var result = await RunAsync(Request(Expression, NasAmong.All, limits: new SizeLimits(1e9, Flops: null)));
        var report = new NasReport(result, "0.1.0+abc", "lpzero nas");
        var (markdown, html) = (report.Markdown(), report.Html());
        foreach (var method in result.Methods)
        {
            Assert.Contains($"`{method.Ranking}`", markdown, StringComparison.Ordinal);
        }

        Assert.Contains("of at most 1,000,000,000 parameters", markdown, StringComparison.Ordinal);
        Assert.Contains("| `chance` | none |", markdown, StringComparison.Ordinal);
        Assert.Contains("id=\"front-score\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"front-truth\"", html, StringComparison.Ordinal);
        var json = JsonNode.Parse(NasJson.Text(NasJson.Of(result, Small.Configuration, "/out")))!;
        Assert.Equal(1, (int)json["schemaVersion"]!);
        Assert.Equal(result.Methods.Length, json["methods"]!.AsArray().Count);
        Assert.Equal(result.Front.Length, json["front"]!.AsArray().Count);
        Assert.Equal(result.Truth!.Best.Truth, (double)json["truth"]!["best"]!["truth"]!);
        Assert.Equal(result.Asked.RegretTop1.Mean, (double)json["methods"]![0]!["regretTop1"]!);
    }

    [Fact]
    public async Task A_budget_that_leaves_nothing_to_breed_says_so_and_scores_say_what_they_are_among()
    {
        var result = await RunAsync(Request("parameters", NasAmong.All, budget: 4));
        var note = Assert.Single(result.Notes);
        Assert.StartsWith("Nothing is bred: the budget, 4, is not larger than the population", note, StringComparison.Ordinal);
        var report = new NasReport(result, "0.1.0+abc", "lpzero nas");
        Assert.Contains($"\n{note}\n", report.Markdown(), StringComparison.Ordinal);
        Assert.Contains("Nothing is bred", report.Html(), StringComparison.Ordinal);
        Assert.Equal(note, (string)JsonNode.Parse(NasJson.Text(NasJson.Of(result, Small.Configuration, "/out")))!["notes"]![0]!);
        Assert.Contains(report.Methods().Columns, column => column.Name == "score in its run");
        Assert.Contains(report.Front().Columns, column => column.Name == "score among all");
        Assert.Empty((await RunAsync(Request("parameters", NasAmong.All, budget: 5))).Notes);
    }

    [Fact]
    public async Task What_noise_leaves_of_a_perfect_ranking_of_what_may_be_chosen_stands_beside_the_noise_by_group_too()
    {
        var on = Small with { Benchmark = SmallTasks.Of(Small.Benchmark) };
        var parameters = on.Benchmark.Architectures.Select(architecture => architecture.Genotype.Describe(
            on.Benchmark.Sizes, 16).Parameters!.Total).Order().ToList();
        var limits = new SizeLimits(parameters[parameters.Count / 2], Flops: null);
        var (all, some) = (
            await RunAsync(Request("layers", NasAmong.All) with { On = on }),
            await RunAsync(Request("layers", NasAmong.All, limits: limits) with { On = on }));
        Assert.Equal(36, all.Truth!.Size.Genotypes);
        Assert.Equal(parameters.Count(count => count <= limits.Parameters), some.Truth!.Size.Genotypes);
        Assert.Equal(all.Truth.Noise, some.Truth.Noise);
        Assert.NotEqual(all.Truth.Ceiling!.Rho, some.Truth.Ceiling!.Rho);
        Assert.True(some.Truth.Ceiling.Groups.Length < all.Truth.Ceiling.Groups.Length);

        var report = new NasReport(some, "0.1.0+abc", "lpzero nas");
        var json = JsonNode.Parse(NasJson.Text(NasJson.Of(some, Small.Configuration, "/out")))!;
        Assert.Equal(some.Truth.Ceiling.Rho, (double)json["truth"]!["ceiling"]!["rho"]!);
        Assert.Equal(some.Truth.Ceiling.Groups.Length, json["truth"]!["ceiling"]!["groups"]!.AsArray().Count);
        foreach (var page in new[] { report.Markdown(), report.Html() })
        {
            Assert.Contains("Noise leaves a perfect ranking a rho of", page, StringComparison.Ordinal);
            Assert.Contains(some.Truth.Ceiling.Groups[0].Group, page, StringComparison.Ordinal);
        }
    }

    private static Task<NasResult> RunAsync(NasRequest request) =>
        new NasUseCase(new PlainTerms(), progress: null).RunAsync(request, () => { }, default);

    private static NasRequest Request(string ranking, NasAmong among, int budget = 6, SizeLimits? limits = null) => new(
        Small, ranking, Predictor: null, among, limits ?? new SizeLimits(null, null),
        new EvolutionSettings(budget, Population: 4, Offspring: 2, SizeMeasure.Parameters), [5, 6]);
}
