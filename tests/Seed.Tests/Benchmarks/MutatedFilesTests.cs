using System.Text;
using System.Text.Json.Nodes;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

/// <summary>Whatever becomes of a file on its way, reading it gives a benchmark that can be searched, or one clear line.</summary>
public sealed class MutatedFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_benchmark_file_gives_a_benchmark_or_one_line(bool isPublic)
    {
        var random = new RandomSequence(1, "benchmarks");
        var file = Encoding.UTF8.GetBytes(
            isPublic ? PublicForm.Create().ToJsonString() : new BenchmarkFile(SmallBenchmark.Create(8)).ToJson());
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            Load(Write(Mutation.Of(file, random)), ref read, ref refused);
        }

        Assert.True(read > 20 && refused > 500, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("hw-gpt", """
        [
        {"id": "s0", "embed": 192, "layers": 2, "heads": [12, 4], "mlp_ratio": [3, 2], "bias": true, "perplexity": 40.5, "accuracy": 0.3},
        {"id": "s1", "embed": 192, "layers": 1, "heads": [12], "mlp_ratio": [3], "bias": false, "perplexity": 41.5, "accuracy": 0.3},
        {"id": "s2", "embed": 192, "layers": 1, "heads": [8], "mlp_ratio": [4], "bias": false, "perplexity": 42.5, "accuracy": 0.3},
        {"id": "s3", "embed": 384, "layers": 1, "heads": [12], "mlp_ratio": [3], "bias": false, "perplexity": 31.5, "accuracy": 0.3},
        {"id": "s4", "embed": 384, "layers": 1, "heads": [8], "mlp_ratio": [4], "bias": false, "perplexity": 32.5, "accuracy": 0.3},
        {"id": "s5", "embed": 768, "layers": 1, "heads": [12], "mlp_ratio": [3], "bias": false, "perplexity": 21.5, "accuracy": 0.3},
        {"id": "s6", "embed": 768, "layers": 1, "heads": [8], "mlp_ratio": [3], "bias": false, "perplexity": 22.5, "accuracy": 0.3},
        {"id": "s7", "embed": 768, "layers": 1, "heads": [4], "mlp_ratio": [4], "bias": false, "perplexity": 23.5, "accuracy": 0.3}
        ]
        """)]
    [InlineData("open-lm", """
        {
         "d=64_l=1_h=4-64-0.003-0.033-64-20-100-3e-05": 4.1, "d=64_l=2_h=4-64-0.003-0.033-64-20-100-3e-05": 4.2,
         "d=64_l=3_h=4-64-0.003-0.033-64-20-100-3e-05": 4.3, "d=64_l=4_h=4-64-0.003-0.033-64-20-100-3e-05": 4.4,
         "d=96_l=1_h=4-64-0.003-0.033-64-20-100-3e-05": 4.5, "d=96_l=2_h=4-64-0.003-0.033-64-20-200-3e-05": 4.6,
         "d=96_l=3_h=4-64-0.003-0.033-64-20-100-3e-05": 4.7, "d=96_l=4_h=4-16-0.003-0.033-16-20-100-3e-05": 4.8,
         "d=96_l=5_h=4-64-0.003-0.033-64-20-100-3e-05": 4.9, "d=96_l=6_h=4-64-0.003-0.033-64-20-100-3e-05": 4.0
        }
        """)]
    public void A_file_of_decoders_gives_a_benchmark_or_one_line(string kind, string text)
    {
        var random = new RandomSequence(4, kind);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            Load($"{kind}:{Write(Mutation.Of(Encoding.UTF8.GetBytes(text), random))}", ref read, ref refused);
        }

        Assert.True(read > 50 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_folder_of_decoders_gives_a_benchmark_or_one_line()
    {
        const string Configuration =
            "adaptive: true\ncutoffs:\n- 19997\n- 39997\n- 199997\n- 50264\nd_embed: 32\nd_inner:\n- 100\n- 200\nd_model: 64\n" +
            "div_val: 2\nn_head:\n- 2\n- 4\nn_layer: 2\nn_token: 50264\nprimer_conv: false\ntgt_len: 192\n" +
            "tie_projs: [false, true, true, true]\n";
        var random = new RandomSequence(5, "gpt2");
        var summary = string.Concat(Enumerable.Range(0, 8).Select(i =>
            FormattableString.Invariant($"config_0_j{i}:\n  test_ppl: {30.5 - i}\n  valid_ppl: {20.5 + i}\n")));
        foreach (var i in Enumerable.Range(0, 8))
        {
            Directory.CreateDirectory(folder.File(FormattableString.Invariant($"config_0/j{i}")));
            File.WriteAllText(folder.File(FormattableString.Invariant($"config_0/j{i}/model_config.yaml")), Configuration);
        }

        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var isSummary = random.Next(2) == 0;
            var text = Encoding.UTF8.GetBytes(isSummary ? summary : Configuration);
            File.WriteAllBytes(folder.File("ppl_summary.yaml"), isSummary ? Mutation.Of(text, random) : Encoding.UTF8.GetBytes(summary));

            // The first of them, so that a spoilt one is found before the others are read.
            File.WriteAllBytes(
                folder.File("config_0/j0/model_config.yaml"),
                isSummary ? Encoding.UTF8.GetBytes(Configuration) : Mutation.Of(text, random));
            Load("gpt2:" + folder.Path, ref read, ref refused);
        }

        Assert.True(read > 50 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_space_file_gives_architectures_or_one_line()
    {
        var random = new RandomSequence(3, "spaces");
        var file = Encoding.UTF8.GetBytes(TinySpace.Create().ToJsonString());
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            try
            {
                var space = TrainingSpace.Load(Write(Mutation.Of(file, random)));
                Assert.All(SpaceSampling.Genotypes(space), genotype => Assert.Null(genotype.FindProblem()));
                read++;
            }
            catch (BenchmarkException error)
            {
                AssertOneLine(error);
                refused++;
            }
        }

        Assert.True(read > 20 && refused > 200, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_file_of_tokens_gives_a_space_or_one_line()
    {
        var random = new RandomSequence(12, "tokens");
        var space = TinySpace.Create();
        space.Remove("language");
        space["tokens"] = new JsonObject { ["file"] = "tokens", ["form"] = "ids" };
        var path = folder.Write("space.json", space.ToJsonString());
        var tokens = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 200).Select(i => i * 7 % 16)));
        Mutation.Try<BenchmarkException>(5000, () =>
        {
            File.WriteAllBytes(folder.File("tokens"), Mutation.Of(tokens, random, before: ' ', behind: " "));
            Assert.Null(SpaceSampling.Genotypes(TrainingSpace.Load(path))[0].FindProblem());
        });
    }

    private static void Load(string source, ref int read, ref int refused)
    {
        try
        {
            var benchmark = BenchmarkSource.Load(source);
            Assert.Null(benchmark.FindProblem());
            Estimate(benchmark);
            read++;
        }
        catch (BenchmarkException error)
        {
            AssertOneLine(error);
            refused++;
        }
    }

    /// <summary>What a search asks of a benchmark before it builds a network.</summary>
    private static void Estimate(Benchmark benchmark)
    {
        var evaluator = new FusedEvaluator();
        foreach (var shapes in Enum.GetValues<Shapes>())
        {
            var configuration = new SearchConfiguration { Preset = "default" } with
            {
                Shapes = shapes,
                SearchArchitectures = 4,
                SequenceLength = Math.Min(128, benchmark.Sizes.Positions),
            };
            if (BenchmarkFit.FindProblem(benchmark, configuration) is not null)
            {
                continue;
            }

            var probe = new ProbeSettings(
                configuration.BatchSize, configuration.SequenceLength, 42, 42, WeightSelection.All, benchmark.Sizes);
            foreach (var architecture in benchmark.Architectures)
            {
                try
                {
                    MemoryBudget.Check(new ProbedNetwork(architecture.Genotype.Resolve(shapes), probe), evaluator, 1L << 32);
                }
                catch (BatchTooLargeException error)
                {
                    Assert.DoesNotContain('\n', error.Message);
                }
            }
        }
    }

    private static void AssertOneLine(BenchmarkException error)
    {
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.InRange(error.Message.Length, 10, 600);
    }

    private string Write(byte[] bytes)
    {
        var path = folder.File("mutated.json");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
