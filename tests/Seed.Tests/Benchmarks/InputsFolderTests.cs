using System.Text;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class InputsFolderTests : IDisposable
{
    private readonly RecordedFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_of_recorded_inputs_is_a_benchmark()
    {
        var benchmark = BenchmarkSource.Load($"inputs:{folder.Path}");

        Assert.Null(benchmark.FindProblem());
        Assert.Equal((12, "truth"), (benchmark.Architectures.Length, benchmark.Metric));
        Assert.Equal(("net-3", 9.0), (benchmark.Architectures[3].Id, benchmark.Architectures[3].Truth));
        Assert.Equal(
            [("layers", 2.0), ("parameters", 1234.0)],
            benchmark.Architectures[4].Genotype.Describe(benchmark.Sizes, 8).Baselines.Select(b => (b.Name, b.Value)));
    }

    [Fact]
    public void Their_sizes_are_the_recorded_numbers_of_parameters_of_all()
    {
        Assert.All(Sizes(), size => Assert.Equal(1234, size));
        folder.WriteFile("net-3", RecordedInputs.File(3, metadata: "\"made\":\"elsewhere\""));
        Assert.All(Sizes(), size => Assert.True(double.IsNaN(size)));

        IEnumerable<double> Sizes()
        {
            var benchmark = folder.Load();
            var set = ArchitectureSet.Of(benchmark.Architectures, benchmark.Shapes);
            return EvaluatedSet.Of(set, benchmark, SearchConfiguration.Presets["default"]).Parameters;
        }
    }

    [Fact]
    public void Another_column_can_be_the_truth()
    {
        Assert.Equal(-3, folder.Load("loss").Architectures[3].Truth);
        Assert.Contains("the headings are not id,accuracy", Refusal("accuracy"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_file_is_another_network_and_another_benchmark()
    {
        var before = folder.Load();
        folder.WriteFile("net-3", RecordedInputs.File(99));
        var after = folder.Load();

        Assert.Equal(before.Architectures[4], after.Architectures[4]);
        Assert.NotEqual(before.Architectures[3].Genotype, after.Architectures[3].Genotype);
        Assert.NotEqual(BenchmarkDigest.Of(before), BenchmarkDigest.Of(after));
    }

    [Fact]
    public void Inputs_may_be_in_several_files()
    {
        var name = RecordedInputs.Names(1).ToList();
        File.WriteAllBytes(folder.File("net-0-1.safetensors"), SafetensorsBytes.OfFloats([.. name.Take(3).Select(Tensor)]));
        File.WriteAllBytes(folder.File("net-0-2.safetensors"), SafetensorsBytes.OfFloats([.. name.Skip(3).Select(Tensor)]));
        var map = name.Index().Select(n => $"\"{n.Item}\":\"net-0-{(n.Index < 3 ? 1 : 2)}.safetensors\"");
        File.WriteAllText(folder.File("net-0.safetensors.index.json"), $"{{\"weight_map\":{{{string.Join(',', map)}}}}}");
        Assert.Contains("both net-0.safetensors and net-0.safetensors.index.json are there", Refusal(), StringComparison.Ordinal);

        File.Delete(folder.File("net-0.safetensors"));
        Assert.EndsWith(".index.json", folder.Load().Architectures[0].Genotype.ToString(), StringComparison.Ordinal);

        // One file without a count of parameters is enough for no ranking by them.
        Assert.Single(folder.Load().Architectures[1].Genotype.Describe(folder.Load().Sizes, 8).Baselines);

        static (string, long[], float[]) Tensor(string name) => (name, [1, 2], [1, 2]);
    }

    [Theory]
    [InlineData("net-0,nan,0", "line 2: the truth 'nan' is no finite number")]
    [InlineData("net-0,much,0", "line 2: the truth 'much' is no finite number")]
    [InlineData("net-0,1", "line 2: 2 values under 3 headings")]
    [InlineData("net-99,1,0", "line 2: there is no net-99.safetensors beside it")]
    [InlineData("../net-0,1,0", "line 2: the id '../net-0' is no file name")]
    [InlineData(",1,0", "line 2: the id is empty")]
    [InlineData("net-0,1,0", "1 architectures are too few to rank")]
    public void A_truth_that_cannot_be_meant_is_refused_in_one_line(string row, string problem)
    {
        folder.WriteTruths([row]);

        var refusal = Refusal();
        Assert.Contains(problem, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [Fact]
    public void Whatever_becomes_of_the_truths_gives_a_benchmark_or_one_line()
    {
        // The fewest architectures that are a benchmark, and a few in reserve: every file is read for its digest.
        var random = new RandomSequence(8, "truths");
        var intact = "id,truth,loss\r\n"u8.ToArray().Concat(
            Enumerable.Range(0, 10).SelectMany(i =>
                Encoding.UTF8.GetBytes(FormattableString.Invariant($"{RecordedFolder.Id(i)},{i * 7 % 12}.5,-{i}e-{i}\n")))).ToArray();
        Mutation.Try<BenchmarkException>(5000, () =>
        {
            File.WriteAllBytes(folder.File("truth.csv"), Mutation.Of(intact, random, before: ',', behind: ",\n"));
            var read = folder.Load();
            Assert.Null(read.FindProblem());
            Assert.All(read.Architectures, architecture => Assert.True(double.IsFinite(architecture.Truth)));
        });
    }

    [Fact]
    public void What_is_missing_or_broken_is_named()
    {
        folder.WriteFile("net-5", [1, 2, 3]);
        Assert.Contains("net-5.safetensors: has 3 bytes", Refusal(), StringComparison.Ordinal);

        File.Delete(folder.File("truth.csv"));
        Assert.Contains("truth.csv: there is no such truth file", Refusal(), StringComparison.Ordinal);
        Assert.Contains(
            "there is no such folder",
            Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load("inputs:/nowhere")).Message, StringComparison.Ordinal);
    }

    private string Refusal(string? truth = null) => Assert.Throws<BenchmarkException>(() => folder.Load(truth)).Message;
}
