using System.Text.Json.Nodes;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Tests.Benchmarks;

public sealed class BenchmarkFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_public_form_is_read_with_its_shapes_and_sizes()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + folder.Write("b.json", PublicForm.Create().ToJsonString()));
        Assert.Equal((Shapes.AsTrained, FlexiBertSpace.PublicSizes), (benchmark.Shapes, benchmark.Sizes));
        Assert.Equal(
            new Architecture("3", new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.Convolution5, 4, 512, 3)]), 63),
            benchmark.Architectures[3]);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var benchmark = BenchmarkSource.Load(folder.Write("b.json", PublicForm.Create().ToJsonString())) with
        {
            Shapes = Shapes.Published,
            Name = "a \"name\"",
        };
        new BenchmarkFile(benchmark).Write(folder.File("own.json"));
        var again = BenchmarkSource.Load(folder.File("own.json"));
        Assert.Equal<Architecture>(benchmark.Architectures, again.Architectures);
        Assert.Equal(benchmark with { Architectures = [] }, again with { Architectures = [] });
        Assert.Equal(BenchmarkDigest.Of(benchmark), BenchmarkDigest.Of(again));
    }

    [Fact]
    public void Writing_leaves_nothing_but_the_file()
    {
        var file = new BenchmarkFile(BenchmarkSource.Load(folder.Write("b.json", PublicForm.Create().ToJsonString())));
        file.Write(folder.File("own.json"));
        file.Write(folder.File("own.json"));
        Assert.Equal(["b.json", "own.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_digest_depends_on_every_truth()
    {
        var form = PublicForm.Create();
        var before = BenchmarkDigest.Of(BenchmarkSource.Load(folder.Write("b.json", form.ToJsonString())));
        form[9]!["scores"]!["glue"] = 69.0000001;
        Assert.NotEqual(before, BenchmarkDigest.Of(BenchmarkSource.Load(folder.Write("b.json", form.ToJsonString()))));
    }

    [Fact]
    public void A_wrong_field_of_our_own_format_is_named_by_its_path()
    {
        var benchmark = BenchmarkSource.Load(folder.Write("b.json", PublicForm.Create().ToJsonString()));
        var json = JsonNode.Parse(new BenchmarkFile(benchmark).ToJson())!;
        json["architectures"]![2]!["genotype"]!["layers"]![0]!["operation"] = "SA/SPD";
        var error = Assert.Throws<BenchmarkException>(() => BenchmarkSource.Load(folder.Write("own.json", json.ToJsonString())));
        Assert.Contains("$.architectures[2].genotype.layers[0].operation: unknown operation 'SA/SPD'; did you mean SA/SDP", error.Message,
            StringComparison.Ordinal);
    }

    [PublicBenchmarkFact]
    public void The_public_benchmark_imports_whole()
    {
        var benchmark = BenchmarkSource.Load("flexibert:" + PublicBenchmarkFactAttribute.Path);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(PublicBenchmarkFactAttribute.Path));
        Assert.Equal(json.RootElement.GetArrayLength(), benchmark.Architectures.Length);
        Assert.Equal(
            json.RootElement.EnumerateArray().Sum(a => a.GetProperty("scores").GetProperty("glue").GetDouble()),
            benchmark.Architectures.Sum(a => a.Truth), 1e-9);
        var layers = benchmark.Architectures.SelectMany(a => ((FlexiBertGenotype)a.Genotype).Layers);
        Assert.Equal(6, layers.Select(l => l.Operation).Distinct().Count());
    }
}
