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
    private const string Glue = "glue";

    /// <summary>The benchmark.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="truth">The score that is wanted, such as that of a task; null for <c>glue</c>, the mean over tasks.</param>
    public static Benchmark Read(JsonField root, string? truth)
    {
        var items = root.Items();
        var name = truth is null or Glue ? Glue : TruthName.Choose(truth, Scores(items, root), $"flexibert:{root.File}");
        return new Benchmark(
            "flexibert",
            name == Glue ? "GLUE" : $"GLUE task {name}",
            Shapes.AsTrained,
            FlexiBertSpace.PublicSizes,
            BenchmarkReading.Architectures(root, items, training => ReadArchitecture(training, name)));
    }

    /// <summary>The names of the first training's scores, <c>glue</c> before its tasks.</summary>
    private static ImmutableArray<string> Scores(JsonField[] items, JsonField root) => items.Length == 0
        ? throw root.Error("is empty; give trainings")
        : [Glue, .. items[0].Object("scores").Members().Select(score => score.Name).Where(score => score != Glue)];

    private static Architecture ReadArchitecture(JsonField training, string truth)
    {
        var id = training.NameOrNumber("id");
        var overrides = training.Object("hparams").Object("model_hparam_overrides");
        var hiddenSize = overrides.Integer("hidden_size", NetworkBounds.HiddenSize);
        var layers = FlexiBertReading.Layers(overrides.Object("nas_config"), "encoder_layers").Select(layer => ReadLayer(layer, hiddenSize))
            .ToImmutableArray();
        return new Architecture(id, new FlexiBertGenotype(hiddenSize, layers), BenchmarkReading.Truth(training.Object("scores"), truth));
    }

    private static FlexiBertLayer ReadLayer(JsonField layer, int hiddenSize)
    {
        var name = $"{layer.Text("operation_type")}/{layer.NameOrNumber("operation_parameter")}";
        var operation = FlexiBertReading.Operation(name, layer.Optional("operation_type")!.Value);
        return FlexiBertReading.Layer(layer, operation, hiddenSize, "num_operation_heads", "feed_forward_dimension", "num_feed_forward");
    }
}
