using System.Collections.Concurrent;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class BenchmarkTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_number_of_threads_does_not_change_a_bit()
    {
        var space = Space();
        var one = await BenchmarkTraining.RunAsync(space, folder.File("one.json"), 1, progress: null, CancellationToken.None);
        var three = await BenchmarkTraining.RunAsync(space, folder.File("three.json"), 3, progress: null, CancellationToken.None);
        Assert.Equal<Architecture>(one.Benchmark.Architectures, three.Benchmark.Architectures);
        Assert.Equal(8, one.Benchmark.Architectures.DistinctBy(a => a.Genotype).Count());
    }

    [Fact]
    public async Task The_file_holds_truth_seeds_and_the_space_and_nothing_is_left_beside_it()
    {
        var trained = await BenchmarkTraining.RunAsync(Space(), folder.File("b.json"), 2, progress: null, CancellationToken.None);
        var read = BenchmarkFile.Read(folder.File("b.json"));
        Assert.Equal<Architecture>(trained.Benchmark.Architectures, read.Benchmark.Architectures);
        Assert.Equal(
            trained.Training!.Architectures.OrderBy(a => a.Key).Select(a => (a.Key, a.Value.Seed, a.Value.Parameters, a.Value.Accuracy)),
            read.Training!.Architectures.OrderBy(a => a.Key).Select(a => (a.Key, a.Value.Seed, a.Value.Parameters, a.Value.Accuracy)));
        Assert.Equal(5, read.Training.Space.GetProperty("seed").GetInt32());
        Assert.Equal(["b.json", "space.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_interrupted_training_continues_where_it_stopped_and_ends_the_same()
    {
        var space = Space();
        var whole = await BenchmarkTraining.RunAsync(space, folder.File("whole.json"), 1, progress: null, CancellationToken.None);

        using var interrupt = new CancellationTokenSource();
        var first = new Collected(afterThree: interrupt.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            BenchmarkTraining.RunAsync(space, folder.File("b.json"), 1, first, interrupt.Token));
        Assert.False(File.Exists(folder.File("b.json")));

        var second = new Collected(afterThree: null);
        var resumed = await BenchmarkTraining.RunAsync(space, folder.File("b.json"), 1, second, CancellationToken.None);
        Assert.Equal<Architecture>(whole.Benchmark.Architectures, resumed.Benchmark.Architectures);
        Assert.Equal(8, first.Ids.Count + second.Ids.Count);
        Assert.Empty(first.Ids.Intersect(second.Ids));
    }

    [Fact]
    public async Task A_benchmark_that_is_there_is_not_overwritten()
    {
        await BenchmarkTraining.RunAsync(Space(), folder.File("b.json"), 2, progress: null, CancellationToken.None);
        var before = await File.ReadAllBytesAsync(folder.File("b.json"));
        var refusal = await Assert.ThrowsAsync<BenchmarkException>(() =>
            BenchmarkTraining.RunAsync(Space(), folder.File("b.json"), 2, progress: null, CancellationToken.None));
        Assert.Contains("of 8 architectures", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.File("b.json")));
    }

    [Fact]
    public async Task A_partial_file_of_another_space_is_refused()
    {
        using var interrupt = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            BenchmarkTraining.RunAsync(Space(), folder.File("b.json"), 1, new Collected(interrupt.Cancel), interrupt.Token));
        var other = TinySpace.Create();
        other["seed"] = 6;
        var space = TrainingSpace.Load(folder.Write("other.json", other.ToJsonString()));
        var error = await Assert.ThrowsAsync<BenchmarkException>(() =>
            BenchmarkTraining.RunAsync(space, folder.File("b.json"), 1, progress: null, CancellationToken.None));
        Assert.Contains("training another space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_partial_file_of_another_numeric_profile_is_refused()
    {
        var space = Space();
        new PartialTraining(folder.File("b.json"), space, "libtorch 2.10, cpu, 256 bits").Add("0", new FinishedArchitecture(2.5, 0.1, 1));
        Assert.Equal(1, new PartialTraining(folder.File("b.json"), space, "libtorch 2.10, cpu, 256 bits").Count);
        var error = Assert.Throws<BenchmarkException>(() =>
            new PartialTraining(folder.File("b.json"), space, "libtorch 2.10, cpu, 512 bits"));
        Assert.Contains("another libtorch or processor; delete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_samples_every_architecture_of_the_space_is_trained()
    {
        var json = TinySpace.Create();
        json.Remove("samples");
        json["layers"] = new System.Text.Json.Nodes.JsonArray(1);
        var space = TrainingSpace.Load(folder.Write("space.json", json.ToJsonString()));
        var trained = await BenchmarkTraining.RunAsync(space, folder.File("b.json"), 2, progress: null, CancellationToken.None);

        // 2 hidden sizes, 6 operations, and 1 or 3 feed-forwards of the one dimension.
        Assert.Equal(2 * 6 * 2, trained.Benchmark.Architectures.DistinctBy(a => a.Genotype).Count());
    }

    [Fact]
    public async Task Another_training_gives_another_truth_to_the_same_architectures()
    {
        var json = TinySpace.Create();
        var one = await BenchmarkTraining.RunAsync(Space(), folder.File("one.json"), 1, progress: null, CancellationToken.None);
        json["training"]!["steps"] = 5;
        var space = TrainingSpace.Load(folder.Write("other.json", json.ToJsonString()));
        var two = await BenchmarkTraining.RunAsync(space, folder.File("two.json"), 1, progress: null, CancellationToken.None);
        Assert.Equal(one.Benchmark.Architectures.Select(a => a.Genotype), two.Benchmark.Architectures.Select(a => a.Genotype));
        Assert.All(
            one.Benchmark.Architectures.Zip(two.Benchmark.Architectures), pair => Assert.NotEqual(pair.Item1.Truth, pair.Item2.Truth));
    }

    [Fact]
    public async Task Decoders_are_trained_on_the_next_token_and_their_file_is_a_benchmark()
    {
        var space = TrainingSpace.Load(folder.Write("space.json", TinySpace.Decoders().ToJsonString()));
        await BenchmarkTraining.RunAsync(space, folder.File("b.json"), 2, progress: null, CancellationToken.None);
        var read = BenchmarkFile.Read(folder.File("b.json"));
        Assert.Null(read.Benchmark.FindProblem());
        Assert.Equal("negative next-token cross entropy in nats", read.Benchmark.Metric);
        Assert.Equal(8, read.Benchmark.Architectures.DistinctBy(a => a.Genotype).Count());
        Assert.All(read.Benchmark.Architectures, architecture =>
        {
            Assert.StartsWith("gpt2:d", architecture.Genotype.ToString(), StringComparison.Ordinal);
            var parameters = architecture.Genotype.Describe(read.Benchmark.Sizes, 8).Parameters!.Total;
            Assert.Equal(parameters, read.Training!.Architectures[architecture.Id].Parameters);
        });
    }

    [Fact]
    public void All_of_a_small_space_of_decoders_are_counted()
    {
        var json = TinySpace.Decoders();
        json.Remove("samples");
        json["layers"] = new System.Text.Json.Nodes.JsonArray(1);
        var space = TrainingSpace.Load(folder.Write("space.json", json.ToJsonString()));

        // 2 hidden sizes, 2 embeddings, 1 number of heads and 2 feed-forward widths.
        Assert.Equal(8, SpaceSampling.Genotypes(space).Distinct().Count());
        Assert.Equal(8, space.Choices.Count);
    }

    private TrainingSpace Space() => TrainingSpace.Load(folder.Write("space.json", TinySpace.Create().ToJsonString()));

    private sealed class Collected(Action? afterThree) : IProgress<TrainingProgress>
    {
        public ConcurrentBag<string> Ids { get; } = [];

        public void Report(TrainingProgress value)
        {
            Ids.Add(value.Id);
            Assert.Equal(8, value.Total);
            if (Ids.Count == 3)
            {
                afterThree?.Invoke();
            }
        }
    }
}
