using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;
using LPZero.Seed.Tests.Benchmarks;
using LPZero.Seed.Tests.Exhaustive;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>
/// What search exhaustive, search choose and proxy score do with terms from a plain loop, in the process and over the control API:
/// the same, byte for byte.
/// </summary>
public sealed class TermUseCasesTests : IAsyncLifetime, IDisposable
{
    private static readonly Benchmark Benchmark = SmallBenchmark.Create();

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        SearchArchitectures = 10,
        BatchSize = 2,
        SequenceLength = 16,
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W],
        MinDistinct = 0.2,
    };

    private readonly TemporaryFolder folder = new();
    private WebApplication api = null!;
    private HttpSearchService remote = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        api = builder.Build();
        var service = new RecordingService { Terms = new PlainTerms() };
        ControlApi.Map(api, () => service);
        await api.StartAsync();
        remote = new HttpSearchService(new Uri(api.Urls.Single()).Authority);
    }

    public async Task DisposeAsync() => await api.DisposeAsync();

    public void Dispose()
    {
        remote.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_whole_space_of_products_of_tensors_is_refused_with_how_many_there_are_and_the_mend()
    {
        ExhaustiveUseCase.CheckSpace(Configuration);
        var problem = Assert.Throws<UsageException>(
            () => ExhaustiveUseCase.CheckSpace(Configuration with { Combine = Combination.Tensors }));
        Assert.StartsWith("--combine tensors: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"{Products(1)} on every network for one operation a branch, {Products(2)} for two", problem.Message, StringComparison.Ordinal);
        Assert.Contains("search start", problem.Message, StringComparison.Ordinal);

        // Canonical products of tensors that no rule refuses.
        static string Products(int operations)
        {
            var pruning = new RuleBasedPruning(PruningMode.Sound, Reduction.Mean, Combination.Tensors);
            var branches = Enum.GetValues<InputKind>().SelectMany(input =>
                TermPlan.CanonicalChains(input, operations, pruning).Select(chain => new Branch(input, chain))).ToList();
            return branches.SelectMany(left => branches.Where(right => TensorProduct.HaveOneShape(left.Input, right.Input))
                    .Select(right => pruning.Judge(new Proxy(left, BinaryOperation.Product, right))))
                .Where(verdict => verdict is { Refusal: null, Canonical.Factors: Factors.Tensors })
                .Select(verdict => verdict.Canonical).Distinct().Count().ToString("N0", CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task An_exhaustive_search_gives_the_same_bytes_with_terms_from_here_and_from_a_cluster()
    {
        var kept = new Dictionary<string, ExhaustiveResult>();
        var here = await SearchAsync(new PlainTerms(), "here", (key, result) =>
        {
            kept.Add(key, result);
            return Task.CompletedTask;
        });
        var there = await SearchAsync(remote, "there", keep: null);

        Assert.Equal(Figures(here), Figures(there));
        Assert.Equal(Report("here"), Report("there"));
        Assert.Equal(here.Proxies, kept[here.Key].Proxies);
        Assert.False(File.Exists(Path.Combine(folder.Path, "there", "exhaustive-checkpoint.json")));

        string Report(string name) =>
            string.Join(
                '\n', File.ReadLines(Path.Combine(folder.Path, name, "report.md"))
                    .Where(line => !line.Contains(" s ", StringComparison.Ordinal) && !line.Contains("UTC", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_winner_of_a_space_is_tested_on_permuted_truths_and_a_test_that_was_cut_off_goes_on()
    {
        var terms = new PlainTerms();
        var asked = new ExhaustiveRequest(
            SmallBenchmark.Create(40), Configuration with { SearchArchitectures = 30 }, Top: 5, Threads: 1, folder.File("test"), "lpzero",
            Permutations: 6);
        var useCase = new ExhaustiveUseCase(terms, keep: null, new ExhaustiveDisplay(quiet: true));
        var test = (await useCase.RunAsync(asked, default)).Permutation!;
        Assert.Equal((6, (1.0 + test.AsGood) / 7), (test.Permutations, test.PValue));
        Assert.InRange(test.Movable, 2, test.Networks);
        Assert.InRange(test.MeanBestRho, 0, test.HighestBestRho + 1e-12);
        var checkpoint = Path.Combine(folder.Path, "test", "exhaustive-permutations.json");
        Assert.False(File.Exists(checkpoint));

        // One permutation is known from a killed search, with a rho that no ranking has: it is taken as it is.
        var key = (await useCase.RunAsync(asked with { Permutations = 0 }, default)).Key;
        await File.WriteAllTextAsync(checkpoint, $$$"""{"key":"{{{key}}}","seed":42,"best":{"2":1.5}}""");
        Assert.Equal(1.5, (await useCase.RunAsync(asked, default)).Permutation!.HighestBestRho);
        Assert.Null((await useCase.RunAsync(asked with { Permutations = 0 }, default)).Permutation);
    }

    [Fact]
    public async Task A_choice_is_the_same_with_terms_from_here_and_from_a_cluster()
    {
        Assert.Equal(Figures(await ChooseAsync(new PlainTerms(), "here")), Figures(await ChooseAsync(remote, "there")));

        Task<ChoiceJson> ChooseAsync(ITermCollector terms, string name) =>
            new ChooseUseCase(terms, new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ChooseRequest(
                Benchmark, Configuration,
                [
                    .. ChoosingOption.All(Configuration.Inputs, Configuration.MinDistinct, RankingNames.LayersThenHiddenSize).Take(4),
                ],
                Folds: 2, Threads: 2, folder.File(name), "lpzero search choose"),
            CancellationToken.None);
    }

    [Fact]
    public async Task A_choice_with_structure_is_the_answer_and_its_best_proxy_stands_beside_it()
    {
        var structureFirst = new ChoosingOption(
            false, [LayerReduction.Sum], Reduction.Mean, Reduction.Mean,
            new ChoosingRanking(RankingNames.LayersThenHiddenSize, FitnessTarget.Truth, AnswerRule.Proxy), MinDistinct: 0);
        var choice = await new ChooseUseCase(new PlainTerms(), new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ChooseRequest(Benchmark, Configuration, [structureFirst], Folds: 2, Threads: 1, folder.File("choice"), "lpzero"), default);
        Assert.Contains("layers, then hidden size, then sum[", choice.Predictor, StringComparison.Ordinal);
        Assert.Equal(choice.Options[0].HeldOutRho!.Value, choice.HeldOut!.Rho!.Value, 1e-12);

        var proxy = choice.Predictor[choice.Predictor.IndexOf("sum[", StringComparison.Ordinal)..].TrimEnd(')');
        var report = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "choice", "report.md"));
        Assert.Contains(report, line => line.StartsWith("| best | `", StringComparison.Ordinal)
            && line.Contains($"layers, then hidden size, then {proxy}", StringComparison.Ordinal));
        Assert.Contains(report, line => line.StartsWith($"| best proxy | `{proxy}` |", StringComparison.Ordinal));
        Assert.Contains(report, line => line.StartsWith($"| 1 | `{proxy}` |", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expressions_and_designed_proxies_score_the_same_from_here_and_from_a_cluster()
    {
        const string Expression = "square(abs_log(H)) * exp(W)";
        var here = await ScoreAsync(new PlainTerms());
        Assert.Equal([Expression, "snip", "parameters", "softmax-confidence"], here.Select(proxy => proxy.Name));
        Assert.Equal(Bits(here), Bits(await ScoreAsync(remote)));
        Assert.All(here, proxy => Assert.Equal(proxy.Reason is null ? Benchmark.Architectures.Length : 0, proxy.Scores.Length));
        Assert.All(here.Take(2), proxy => Assert.Null(proxy.Reason));
        Assert.All(here[0].Scores, score => Assert.True(double.IsFinite(score)));
        Assert.True(here[1].SecondsPerArchitecture > here[2].SecondsPerArchitecture);

        static Task<ImmutableArray<ScoredProxy>> ScoreAsync(ITermCollector terms) =>
            new ScoreUseCase(terms, threads: null, progress: null).RunAsync(
                new EvaluatedBenchmark("small", Benchmark, Configuration),
                ArchitectureSet.Of(Benchmark.Architectures, Configuration.ShapesOn(Benchmark)),
                ProxyChoices.Read([$"snip, parameters, softmax-confidence, {Expression}"]), CancellationToken.None);

        static List<string> Bits(ImmutableArray<ScoredProxy> proxies) =>
            [.. proxies.Select(proxy => $"{proxy.Name} {proxy.Reason} {string.Join(' ', proxy.Scores)}")];
    }

    [Theory]
    [InlineData("square(abs_log(H)) * exp(W)")]
    [InlineData("snip")]
    public async Task Proxy_score_prints_the_same_held_out_table_included_with_scores_from_here_and_from_a_cluster(string proxy)
    {
        var (here, there) = (await PrintedAsync(new PlainTerms()), await PrintedAsync(remote));
        Assert.Equal(here.ToJsonString(), there.ToJsonString());
        var row = here["heldOut"]!["rows"]!.AsArray().Single(row => (string)row!["kind"]! != "baseline")!;
        Assert.All(
            new[] { "rho", "rhoLow", "rhoHigh", "tauA", "tauB", "precisionTop10" },
            figure => Assert.InRange((double)row[figure]!, -1, 1));

        async Task<JsonObject> PrintedAsync(ITermCollector terms)
        {
            var report = await ScoreReport.OfAsync(
                terms, new EvaluatedBenchmark("small", Benchmark, Configuration), ProxyChoices.One(proxy), CancellationToken.None);
            var printed = JsonSerializer.SerializeToNode(report.Json(), MessageJson.Options)!.AsObject();

            // Time is what differs.
            printed.Remove("secondsPerNetwork");
            foreach (var each in printed["heldOut"]!["rows"]!.AsArray())
            {
                each!.AsObject().Remove("secondsPerArchitecture");
            }

            return printed;
        }
    }

    [Fact]
    public async Task The_product_of_absolute_weights_and_gradients_on_tensors_is_snip_from_here_and_from_a_cluster()
    {
        var configuration = Configuration with
        {
            Combine = Combination.Tensors,
            ElementReduction = Reduction.Sum,
            TensorReduction = Reduction.Sum,
        };
        var (here, there) = (await ScoreAsync(new PlainTerms()), await ScoreAsync(remote));
        Assert.Equal(here[0].Scores.AsEnumerable(), there[0].Scores);
        Assert.All(here[0].Scores.Zip(here[1].Scores), pair => Assert.Equal(pair.Item2, pair.Item1, 1e-5 * pair.Item2));

        Task<ImmutableArray<ScoredProxy>> ScoreAsync(ITermCollector terms) =>
            new ScoreUseCase(terms, threads: null, progress: null).RunAsync(
                new EvaluatedBenchmark("small", Benchmark, configuration),
                ArchitectureSet.Of(Benchmark.Architectures, configuration.ShapesOn(Benchmark)),
                ProxyChoices.Read(["snip, abs(W) * abs(G)"]), CancellationToken.None);
    }

    [Fact]
    public async Task The_held_out_set_is_asked_for_the_best_proxies_alone_and_with_the_same_arithmetic()
    {
        var terms = new PlainTerms();
        await SearchAsync(terms, "here", keep: null);
        var asked = terms.Asked.ToList();
        Assert.Equal(3, asked.Count);
        Assert.Empty(asked[0].Branches);
        Assert.Empty(asked[1].Networks.Intersect(asked[2].Networks));
        Assert.True(asked[2].Branches.Length < asked[1].Branches.Length);
        Assert.All(asked.Skip(1), wanted => Assert.NotNull(wanted.NumericProfile));
    }

    [Fact]
    public async Task Interrupted_while_a_cluster_computes_the_command_ends()
    {
        var held = new PlainTerms { IsHeld = true };
        using var interrupt = new CancellationTokenSource();
        var search = SearchAsync(held, "here", keep: null, interrupt.Token);
        await held.Begun.Task;
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
    }

    [Fact]
    public async Task A_cluster_that_goes_away_in_the_middle_is_one_line()
    {
        var held = new PlainTerms { IsHeld = true };
        await using var other = WebApplication.CreateSlimBuilder().Build();
        other.Urls.Add("http://127.0.0.1:0");
        ControlApi.Map(other, () => new RecordingService { Terms = held });
        await other.StartAsync();
        using var client = new HttpSearchService(new Uri(other.Urls.Single()).Authority);
        var search = SearchAsync(client, "here", keep: null);
        await held.Begun.Task;

        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await other.StopAsync(now.Token);

        var failure = await Assert.ThrowsAsync<SearchServiceException>(() => search);
        Assert.Contains("repeat the command, what is computed is kept", failure.Message, StringComparison.Ordinal);
    }

    private Task<ExhaustiveJson> SearchAsync(
        ITermCollector terms, string name, Func<string, ExhaustiveResult, Task>? keep, CancellationToken interrupt = default) =>
        new ExhaustiveUseCase(terms, keep, new ExhaustiveDisplay(quiet: true)).RunAsync(
            new ExhaustiveRequest(Benchmark, Configuration, Top: 20, Threads: 1, folder.File(name), "lpzero search exhaustive"), interrupt);

    /// <summary>All that is printed but time and folder.</summary>
    private static string Figures<T>(T printed)
    {
        var json = JsonSerializer.SerializeToNode(printed, MessageJson.Options)!.AsObject();
        json.Remove("seconds");
        json.Remove("output");
        return json.ToJsonString();
    }
}
