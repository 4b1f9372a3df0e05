using System.Text.Json.Nodes;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>The tasks that FlexiBERT's truth is made of, which of its trainings failed, and what noise leaves.</summary>
public sealed class FlexiBertTruthTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Importing_keeps_every_task_and_what_is_known_of_it()
    {
        var benchmark = BenchmarkSource.Load(folder.Write("b.json", WithTasks().ToJsonString()));
        Assert.Equal<string>(["rte", "cola", "other"], benchmark.Tasks!.Names);
        Assert.Equal<FailureCondition>([new FailureCondition("rte", Equal: 0)], benchmark.Tasks.Failed);
        Assert.Equal(KeyValuePair.Create("cola", 0.871), Assert.Single(benchmark.Tasks.Reliability));
        Assert.Equal<double>([3, 12, 0.5], benchmark.Architectures[3].Tasks);
        Assert.Equal(["0"], benchmark.Architectures.Where(benchmark.Tasks.HasFailed).Select(a => a.Id));
    }

    [Fact]
    public void A_truth_that_there_is_not_is_wrong_usage_and_reliability_is_among_those_that_there_are()
    {
        var file = folder.Write("b.json", WithTasks().ToJsonString());
        new BenchmarkFile(BenchmarkSource.Load(file)).Write(folder.File("own.json"));
        foreach (var source in new[] { file, folder.File("own.json") })
        {
            var problem = Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(source, "reliabilty"));
            Assert.Equal(ExitCode.Usage, ExitCode.Of(problem));
            Assert.EndsWith("rte, cola, other, reliability; give one of them", problem.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Failed, ExitCode.Of(Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("absent.json", "cola"))));
    }

    [Fact]
    public void Our_own_format_keeps_the_tasks_and_offers_each_for_a_truth()
    {
        var benchmark = BenchmarkSource.Load(folder.Write("b.json", WithTasks().ToJsonString()));
        new BenchmarkFile(benchmark).Write(folder.File("own.json"));
        Assert.Equal(BenchmarkDigest.Of(benchmark), BenchmarkDigest.Of(BenchmarkSource.Load(folder.File("own.json"))));
        var cola = BenchmarkSource.Load(folder.File("own.json"), "cola");
        Assert.Equal(("GLUE task cola", 12.0), (cola.Metric, cola.Architectures[3].Truth));
        Assert.Contains(
            "--truth bola: ", Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.File("own.json"), "bola")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rte")]
    [InlineData("rte", "cola")]
    public void Tasks_without_a_failure_rule_or_reliability_are_written_and_read_again(params string[] left)
    {
        var form = WithTasks();
        foreach (var training in form)
        {
            left.ToList().ForEach(task => training!["scores"]!.AsObject().Remove(task));
        }

        var benchmark = BenchmarkSource.Load(folder.Write("b.json", form.ToJsonString()));
        Assert.Empty(benchmark.Tasks!.Failed);
        Assert.Equal(left.Contains("cola"), benchmark.Tasks.Reliability.IsEmpty);
        new BenchmarkFile(benchmark).Write(folder.File("own.json"));
        Assert.Equal(BenchmarkDigest.Of(benchmark), BenchmarkDigest.Of(BenchmarkSource.Load(folder.File("own.json"))));
    }

    [Theory]
    [InlineData(":24,", "", "$[6].scores.cola: is missing; add a number")]
    [InlineData(":12,", ":NaN,", "$[3].scores.cola: is NaN")]
    public void Where_a_training_lacks_the_score_of_a_task_the_benchmark_is_read_without_its_tasks(
        string score, string instead, string gap)
    {
        var text = WithTasks().ToJsonString();
        text = instead.Length > 0
            ? text.Replace(score, instead, StringComparison.Ordinal)
            : text.Replace($"\"cola\"{score}", "", StringComparison.Ordinal);
        var root = JsonFile.Read(folder.Write("b.json", text), "benchmark");
        var said = new List<string>();
        var benchmark = FlexiBertImport.Read(root, truth: null, said.Add);
        Assert.Null(benchmark.Tasks);
        Assert.All(benchmark.Architectures, architecture => Assert.True(architecture.Tasks.IsDefault));
        Assert.Equal(66, benchmark.Architectures[6].Truth);
        Assert.Contains(gap, Assert.Single(said), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said[0]);

        // A task that every training has can be the truth; the one that is missing cannot.
        Assert.Equal(6, FlexiBertImport.Read(root, "rte", said.Add).Architectures[6].Truth);
        Assert.Contains(
            gap, Assert.Throws<BenchmarkException>(() => FlexiBertImport.Read(root, "cola", said.Add)).Message, StringComparison.Ordinal);
        BenchmarkSource.Load(folder.File("b.json"));
    }

    [Fact]
    public void Importing_leaves_the_reliability_out_where_it_would_weigh_constants()
    {
        var form = WithTasks();
        foreach (var training in form)
        {
            training!["scores"]!["cola"] = 4;
        }

        Assert.Empty(BenchmarkSource.Load(folder.Write("b.json", form.ToJsonString())).Tasks!.Reliability);
    }

    [Theory]
    [InlineData("""{"names":["rte","cola","other"],"failed":[{"task":"sts","below":60}]}""", "names the task 'sts'")]
    [InlineData("""{"names":["rte","cola","other"],"failed":[{"task":"rte"}]}""", "give one of below and equal")]
    [InlineData("""{"names":["rte","cola","other"],"reliability":{"rte":-0.5}}""", "the reliability of 'rte' is -0.5")]
    [InlineData("""{"names":["rte","cola","other"],"reliability":{"cola":0,"rte":0}}""", "the reliability of every task is 0")]
    [InlineData("""{"names":["rte","cola","other"],"reliability":{"cola":0,"other":0.5}}""", "no task with a reliability above 0")]
    [InlineData(
        """{"names":["rte","cola","other"],"failed":[{"task":"other","below":1}],"reliability":{"cola":0.5}}""",
        "no task with a reliability above 0")]
    [InlineData("""{"names":["rte","cola"]}""", "it has 3 scores for 2 tasks")]
    [InlineData("""{"names":["rte","cola",7]}""", "$.tasks.names[2]: expected a text but found 7")]
    [InlineData("""["rte"]""", "$.tasks")]
    public void Tasks_of_our_own_format_that_cannot_be_meant_are_named(string tasks, string problem)
    {
        var own = JsonNode.Parse(
            new BenchmarkFile(BenchmarkSource.Load(folder.Write("b.json", WithTasks().ToJsonString()))).ToJson())!;
        own["tasks"] = JsonNode.Parse(tasks);
        AssertOneLine(problem, own.ToJsonString());
    }

    [PublicBenchmarkFact]
    public void Seven_trainings_of_the_public_benchmark_have_failed()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.Path);
        Assert.Equal(
            ["35", "47", "122", "187", "190", "271", "287"],
            benchmark.Architectures.Where(benchmark.Tasks!.HasFailed).Select(a => a.Id).OrderBy(int.Parse));
    }

    /// <summary>0.961, 0.972 and 0.987 are known from all 500 trainings; these are 300 of them.</summary>
    [PublicBenchmarkFact]
    public void The_noise_ceiling_of_the_public_benchmark_is_what_is_known_of_it()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.Path);
        var given = NoiseCeiling.Of(benchmark, benchmark.Architectures, TruthKind.Given)!;
        Assert.Equal(0.961, given.Rho, 0.003);
        Assert.Equal(0.972, given.RhoWithoutFailed, 0.003);
        Assert.Equal((7, 4), (given.Failed, given.Groups.Length));
        Assert.Equal(0.91, given.Noise, 0.01);
        Assert.Equal(0.85, given.Groups[0].Noise, 0.01);
        Assert.InRange(NoiseCeiling.Of(benchmark, benchmark.Architectures, TruthKind.Reliability)!.RhoWithoutFailed, 0.985, 0.993);
    }

    [PublicBenchmarkFact]
    public void What_is_known_of_hand_formulas_without_failed_trainings_and_by_reliability_is_found_again()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.Path);
        var columns = TruthColumns.Of(benchmark, benchmark.Architectures);
        Assert.Equal(
            ["GLUE", "by reliability", "cola", "mnli", "mrpc", "qnli", "qqp", "rte", "sst", "sts"], columns.All.Select(t => t.Name));
        var hand = columns.Rank([.. benchmark.Architectures.Select(a => Hand((FlexiBertGenotype)a.Genotype))]);
        Assert.Equal(0.947, hand[0].WithoutFailed, 0.001);
        Assert.Equal(0.962, hand[1].WithoutFailed, 0.001);
        Assert.Equal(hand[7].All, hand.Min(rho => rho.All)); // rte is noise

        static double Hand(FlexiBertGenotype genotype) => (genotype.Layers.Length * 1e6) + (genotype.HiddenSize * 1e3)
            + genotype.Layers.SkipLast(1).Sum(layer => layer.FeedForwards * layer.Heads);
    }

    [PublicBenchmarkFact]
    public void A_search_by_reliability_sees_nothing_of_the_held_out_set()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.Path);
        var rhos = new List<double>();
        foreach (var seed in new ulong[] { 1, 2, 3, 4, 5 })
        {
            var configuration = SearchConfiguration.Presets["default"] with { Truth = TruthKind.Reliability, Seed = seed };
            var sample = SearchSample.Of(benchmark, configuration);
            var searched = sample.Search.Architectures.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
            var other = SearchSample.Of(
                benchmark with
                {
                    Architectures =
                    [
                        .. benchmark.Architectures.Select(a => searched.Contains(a.Id) ? a : a with { Tasks = [.. a.Tasks.Reverse()] }),
                    ],
                }, configuration);
            Assert.Equal(sample.Search.Truths, other.Search.Truths);
            Assert.NotEqual(sample.HeldOut.Truths, other.HeldOut.Truths);
            var judged = TaskTruth.Judging(benchmark, sample.Search.Architectures).Select(a => a.Truth).ToArray();
            rhos.Add(Spearman.Rho(sample.Search.Truths, judged));
        }

        // What the search sees is not what it is judged by, but much the same.
        Assert.InRange(rhos.Average(), 0.97, 0.9999);
    }

    private static JsonArray WithTasks()
    {
        var form = PublicForm.Create();
        foreach (var (index, training) in form.Index())
        {
            training!["scores"] = new JsonObject
            {
                ["rte"] = index, ["cola"] = 4 * index, ["other"] = 0.5, ["glue"] = 60 + index,
            };
        }

        return form;
    }

    private void AssertOneLine(string problem, string text)
    {
        var message = Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.Write("bad.json", text))).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
