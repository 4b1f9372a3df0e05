using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Tests.Baselines;

/// <summary>The public FlexiBERT benchmark, read for tests of this project alone.</summary>
internal static class PublicFlexiBert
{
    public static string Path { get; } = System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("LPZERO_BENCHMARKS") ?? System.IO.Path.Combine(SharedData.Root, "..", "shared", "benchmarks"),
        "flexibert",
        "BERT_benchmark.json");

    public static Benchmark Benchmark()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path));
        return new Benchmark(
            "flexibert", "GLUE", Shapes.AsTrained, FlexiBertSpace.PublicSizes, [.. document.RootElement.EnumerateArray().Select(Read)]);
    }

    private static Architecture Read(JsonElement item)
    {
        var overrides = item.GetProperty("hparams").GetProperty("model_hparam_overrides");
        var layers = overrides.GetProperty("nas_config").GetProperty("encoder_layers").EnumerateArray().Select(layer =>
        {
            Assert.True(MixingOperations.TryParse(
                $"{layer.GetProperty("operation_type")}/{layer.GetProperty("operation_parameter")}", out var operation));
            return new FlexiBertLayer(
                operation,
                layer.GetProperty("num_operation_heads").GetInt32(),
                layer.GetProperty("feed_forward_dimension").GetInt32(),
                layer.GetProperty("num_feed_forward").GetInt32());
        });
        return new Architecture(
            item.GetProperty("id").GetInt32().ToString(CultureInfo.InvariantCulture),
            new FlexiBertGenotype(overrides.GetProperty("hidden_size").GetInt32(), [.. layers]),
            item.GetProperty("scores").GetProperty("glue").GetDouble());
    }
}

/// <summary>A test that needs the public FlexiBERT benchmark, and is skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublicFlexiBertFactAttribute : FactAttribute
{
    public PublicFlexiBertFactAttribute()
    {
        if (!File.Exists(PublicFlexiBert.Path))
        {
            Skip = $"No {PublicFlexiBert.Path}; set LPZERO_BENCHMARKS to the folder that holds flexibert/BERT_benchmark.json.";
        }
    }
}
