using LPZero.GpuNode.Safetensors;

namespace LPZero.GpuNode.Tests.Safetensors;

public sealed class ShardedSafetensorsTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-shards-").FullName;

    public ShardedSafetensorsTests()
    {
        File.WriteAllBytes(InFolder("model-1.safetensors"), SafetensorsBytes.OfFloats(("a", [1], [1]), ("b", [2], [2, 3])));
        File.WriteAllBytes(InFolder("model-2.safetensors"), SafetensorsBytes.OfFloats(("c", [1, 1], [4])));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Tensors_come_from_the_shards_that_the_index_names()
    {
        using var opened = Open("""
            {"metadata":{"total_size":16},
             "weight_map":{"c":"model-2.safetensors","a":"model-1.safetensors","b":"model-1.safetensors"}}
            """);

        Assert.Equal(["a", "b", "c"], opened.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal<string>([InFolder("model-1.safetensors"), InFolder("model-2.safetensors")], opened.Files);
        Assert.Equal("here", opened.Metadata["made"]);
        var values = new float[2];
        opened.Read(opened.Tensors["b"], values);
        Assert.Equal([2, 3], values);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("[]", "has no weight_map")]
    [InlineData("""{"weight_map":{}}""", "names no tensor")]
    [InlineData("""{"weight_map":{"a":"../model-1.safetensors"}}""", "gives the tensor 'a' no file beside the index")]
    [InlineData("""{"weight_map":{"a":"sub/model-1.safetensors"}}""", "gives the tensor 'a' no file beside the index")]
    [InlineData("""{"weight_map":{"a":7}}""", "gives the tensor 'a' no file beside the index")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","a":"model-1.safetensors"}}""", "names the tensor 'a' twice")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors","c":"model-1.safetensors"}}""",
        "names the tensor 'c' of model-1.safetensors, which has none of that name")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors"}}""", "does not give the tensor 'b' to model-1.safetensors, which has it")]
    [InlineData("""{"weight_map":{"a":"model-3.safetensors"}}""", "model-3.safetensors: there is no such file")]
    public void An_index_that_its_files_contradict_is_refused_in_one_line(string index, string problem)
    {
        var error = Assert.Throws<SafetensorsException>(() => Open(index));

        Assert.StartsWith(folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_index_is_said_to_be_so() => Assert.Contains(
        "there is no such file", Assert.Throws<SafetensorsException>(() => ShardedSafetensors.Open(InFolder("none"))).Message,
        StringComparison.Ordinal);

    private ShardedSafetensors Open(string index)
    {
        File.WriteAllText(InFolder(Index), index);
        return ShardedSafetensors.Open(InFolder(Index));
    }

    private string InFolder(string name) => Path.Combine(folder, name);
}
