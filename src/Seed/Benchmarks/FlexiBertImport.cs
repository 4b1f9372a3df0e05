using System.Collections.Immutable;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads the form in which NAS-Bench-BERT (Serianni and Kalita, ACL 2023) is published: an array of trainings, the
/// genotype under <c>hparams.model_hparam_overrides</c>, the truth under <c>scores.glue</c>.
/// </summary>
internal static class FlexiBertImport
{
    public static Benchmark Read(JsonField root) => new(
        "flexibert",
        "GLUE",
        Shapes.AsTrained,
        FlexiBertSpace.PublicSizes,
        BenchmarkReading.Architectures(root, root.Items(), ReadArchitecture));

    private static Architecture ReadArchitecture(JsonField training)
    {
        var id = training.NameOrNumber("id");
        var overrides = training.Object("hparams").Object("model_hparam_overrides");
        var hiddenSize = overrides.Integer("hidden_size", NetworkBounds.HiddenSize);
        var layers = FlexiBertReading.Layers(overrides.Object("nas_config"), "encoder_layers").Select(layer => ReadLayer(layer, hiddenSize))
            .ToImmutableArray();
        return new Architecture(id, new FlexiBertGenotype(hiddenSize, layers), BenchmarkReading.Truth(training.Object("scores"), "glue"));
    }

    private static FlexiBertLayer ReadLayer(JsonField layer, int hiddenSize)
    {
        var name = $"{layer.Text("operation_type")}/{layer.NameOrNumber("operation_parameter")}";
        var operation = FlexiBertReading.Operation(name, layer.Optional("operation_type")!.Value);
        return FlexiBertReading.Layer(layer, operation, hiddenSize, "num_operation_heads", "feed_forward_dimension", "num_feed_forward");
    }
}
