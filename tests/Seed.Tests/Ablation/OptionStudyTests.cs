using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Ablation;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.Ablation;

/// <summary>The choice of options by nested cross-validation, with terms from a plain loop.</summary>
public sealed class OptionStudyTests : IDisposable
{
    private const int Folds = 3;

    private static readonly Benchmark Small = SmallBenchmark.Create(40);

    private static readonly SearchConfiguration Configuration = new()
    {
        Preset = "default",
        SearchArchitectures = 30,
        BatchSize = 2,
        SequenceLength = 16,
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W],
        LayerReductions = [LayerReduction.Sum],
        MinDistinct = 0.2,
        Population = 10,
        Iterations = 15,
    };

    private readonly TemporaryFolder folder = new();
    private readonly PlainTerms terms = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_fold_is_judged_by_truths_that_neither_the_search_nor_any_answer_has_seen()
    {
        var split = await SplitTerms.OpenAsync(Small, Configuration, terms, progress: null, default);
        await CachedSearch.EnsureSpaceAsync(split, progress: null, default);
        var fold = NetworkFolds.Split(split.Sample.Search, Folds, seed: 1)[0];
        var reversed = fold with
        {
            Test = fold.Test with
            {
                Architectures =
                [
                    .. fold.Test.Architectures.Select(architecture =>
                        new Architecture(architecture.Id, architecture.Genotype, -architecture.Truth)),
                ],
            },
        };

        var outcome = await FoldSearch.RunAsync(split, Configuration, fold, progress: null, default);
        var opposite = await FoldSearch.RunAsync(split, Configuration, reversed, progress: null, default);

        Assert.NotEqual(0, outcome.Answers[AnswerRule.Proxy]);
        Assert.Equal(outcome.Best, opposite.Best);
        Assert.Equal(Enum.GetValues<AnswerRule>(), outcome.Answers.Keys);
        Assert.All(outcome.Answers, answer => Assert.Equal(-answer.Value, opposite.Answers[answer.Key], 12));
        var best = RuleBasedPruning.Of(Configuration).Judge(ProxyText.ParseProxy(outcome.Best!)).Canonical!;
        Assert.Equal(
            FoldSearch.RhoOn(fold.Test, ProxyScores.Of(fold.Test, split.Search.Table, best, LayerReduction.Sum)),
            outcome.Answers[AnswerRule.Proxy], 12);
        Assert.True(outcome.Answers.Values.Distinct().Count() > 1);
    }

    [Fact]
    public async Task What_a_split_holds_out_takes_no_part()
    {
        var first = Json(await RunAsync(Small, seeds: 1));
        var search = SearchSample.Of(Small, Configuration).Search.Architectures.Select(architecture => architecture.Id).ToHashSet();
        var mirrored = Small with
        {
            Architectures =
            [
                .. Small.Architectures.Select(architecture => search.Contains(architecture.Id) ? architecture
                    : new Architecture(architecture.Id, architecture.Genotype, -architecture.Truth)),
            ],
        };

        var second = Json(await RunAsync(mirrored, seeds: 1));

        foreach (var part in new[] { "searches", "answers", "structure" })
        {
            Assert.Equal(first[part]!.ToJsonString(), second[part]!.ToJsonString());
        }

        Assert.NotEqual(first["sets"]!.ToJsonString(), second["sets"]!.ToJsonString());
    }

    [Fact]
    public async Task The_best_search_is_chosen_then_the_best_of_its_answers_and_more_splits_go_on_from_the_finished_ones()
    {
        await RunAsync(Small, seeds: 1);
        var asked = terms.Asked.Count;
        said.Clear();
        var study = await RunAsync(Small, seeds: 2);
        Assert.EndsWith("split 1 of 2 before", said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("before", said[1], StringComparison.Ordinal);
        Assert.Contains(terms.Asked.Skip(asked), wanted => !wanted.Branches.IsEmpty);

        var json = Json(study);
        var (chosen, other) = Assert.IsType<JsonArray>(json["searches"]) is [{ } one, { } two] && (bool)one["chosen"]! ? (one, two)
            : (json["searches"]![1]!, json["searches"]![0]!);
        Assert.True((bool)chosen["chosen"]! && !(bool)other["chosen"]!);
        Assert.True((double)chosen["meanZ"]! >= (double)other["meanZ"]!);
        Assert.Equal(["as given", "--inputs W --iterations 5"], json["searches"]!.AsArray().Select(search => (string)search!["name"]!));
        Assert.Equal(
            json["answers"]!.AsArray().Max(answer => (double)answer!["meanZ"]!),
            (double)Assert.Single(json["answers"]!.AsArray(), answer => (bool)answer!["chosen"]!)!["meanZ"]!);

        // The figures are means of the rows of the CSV: set, search, split, fold, best, and the answers from proxy on.
        study.Write(folder.Path);
        var rows = (await File.ReadAllLinesAsync(folder.File("options.csv"))).Skip(1)
            .Where(row => row.Contains(",as given,", StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * Folds, rows.Count);
        var rhos = rows.Select(row => double.Parse(row.Split(',')[^5], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(rhos.Average(), (double)json["searches"]![0]!["sets"]![0]!["rho"]!["mean"]!, 9);
        Assert.Contains("\n| parameters |", await File.ReadAllTextAsync(folder.File("options.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_behind_a_prefix_is_judged_with_it()
    {
        var behind = Configuration with { Prefix = RankingNames.LayersThenHiddenSize };
        var split = await SplitTerms.OpenAsync(Small, behind, terms, progress: null, default);
        await CachedSearch.EnsureSpaceAsync(split, progress: null, default);
        var fold = NetworkFolds.Split(split.Sample.Search, Folds, seed: 1)[0];

        var outcome = await FoldSearch.RunAsync(split, behind, fold, progress: null, default);

        var best = RuleBasedPruning.Of(behind).Judge(ProxyText.ParseProxy(outcome.Best!)).Canonical!;
        var alone = FoldSearch.RhoOn(fold.Test, ProxyScores.Of(fold.Test, split.Search.Table, best, LayerReduction.Sum));
        var prefixed = fold.Test.Architectures.Select(architecture => architecture.Genotype.Resolve(Small.Shapes))
            .Select(network => (double)((1000 * network.LayerCount) + network.HiddenSize)).ToList();
        Assert.NotEqual(alone, outcome.Answers[AnswerRule.Proxy]);
        Assert.Equal(FoldSearch.RhoOn(fold.Test, prefixed), outcome.Answers[AnswerRule.Proxy], tolerance: 0.25);
    }

    [Theory]
    [InlineData("--inputs A,Q", "line 2: --inputs A,Q")]
    [InlineData("--seed 3", "line 2: ")]
    [InlineData("--population 1", "line 2: --population 1")]
    public void A_line_that_is_no_options_of_a_search_is_named_with_its_number(string line, string expected)
    {
        File.WriteAllText(folder.File("options.txt"), $"# what to try\n{line}\n");

        var problem = Assert.Throws<UsageException>(() => SearchLines.Read(
            "--options", folder.File("options.txt"), [new EvaluatedBenchmark("small", Small, Configuration)]));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void A_line_departs_from_what_the_command_line_gives_and_a_line_that_comes_again_counts_once()
    {
        File.WriteAllText(folder.File("options.txt"), "--layer-reduction sum,all_but_last\n\n--layer-reduction sum,all_but_last\n");

        var searches = SearchLines.Read(
            "--options", folder.File("options.txt"), [new EvaluatedBenchmark("small", Small, Configuration)]);

        Assert.Equal([ComparedSearch.AsGiven, "--layer-reduction sum,all_but_last"], searches.Select(search => search.Name));
        var departing = Assert.Single(searches[1].Configurations);
        Assert.Equal([LayerReduction.Sum, LayerReduction.AllButLast], departing.LayerReductions.AsEnumerable());
        Assert.Equal(Configuration.Inputs.AsEnumerable(), departing.Inputs);
        Assert.Equal(Configuration.Population, departing.Population);
    }

    private Task<Study> RunAsync(Benchmark benchmark, int seeds)
    {
        ImmutableArray<ComparedSearch> searches =
        [
            new(ComparedSearch.AsGiven, [Configuration]),
            new("--inputs W --iterations 5", [Configuration with { Inputs = [InputKind.W], Iterations = 5 }]),
        ];
        return new OptionStudy(new OptionRequest(
            [new ComparedSet("small", benchmark)], searches, seeds, Folds, Threads: 2, folder.Path, "lpzero ablate", terms, Progress: null,
            said.Add)).RunAsync(default);
    }

    private static JsonObject Json(Study study) => JsonSerializer.SerializeToNode(study.Json, MessageJson.Options)!.AsObject();
}
