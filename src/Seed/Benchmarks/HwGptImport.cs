using LPZero.GpuNode.Spaces.HwGpt;
using LPZero.Messages;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads subnetworks of HW-GPT-Bench (Sukthanker et al. 2024) from an array of JSON objects; docs/benchmarks.md says how they are made
/// of the published pickles. The truth is that of the weight-sharing supernet.
/// </summary>
internal static class HwGptImport
{
    private const string Perplexity = "perplexity";
    private const string Accuracy = "accuracy";

    /// <summary>The benchmark.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="truth">Perplexity or accuracy; null for the former.</param>
    public static Benchmark Read(JsonField root, string? truth)
    {
        var name = TruthName.Choose(truth, [Perplexity, Accuracy], $"{HwGptGenotype.SpaceName}:{root.File}");
        var size = Path.GetFileNameWithoutExtension(root.File);
        var benchmark = $"{HwGptGenotype.SpaceName}-{size}";
        return new Benchmark(
            PrintableText.FindProblemOfName(benchmark) is null ? benchmark : HwGptGenotype.SpaceName,
            name == Perplexity ? "negative perplexity in the supernet" : "accuracy in the supernet",
            Shapes.Genotype,
            new EmbeddingSizes(HwGptGenotype.Vocabulary, Embedding: null, NetworkBounds.Positions.Most),
            BenchmarkReading.Architectures(root, root.Items(), (_, item) => new Architecture(
                item.NameOrNumber("id"), ReadGenotype(item),
                name == Perplexity ? -BenchmarkReading.Perplexity(item, name) : BenchmarkReading.Truth(item, name))));
    }

    private static HwGptGenotype ReadGenotype(JsonField item)
    {
        var layers = item.Integer("layers", NetworkBounds.Layers);
        var genotype = new HwGptGenotype
        {
            Hidden = item.Integer("embed", NetworkBounds.HiddenSize),
            HasBiases = item.Boolean("bias"),
            Layers =
            [
                .. BenchmarkReading.Integers(item, "heads", NetworkBounds.Heads, layers).Zip(
                    BenchmarkReading.Integers(item, "mlp_ratio", HwGptGenotype.Ratios, layers),
                    (heads, ratio) => new HwGptLayer(heads, ratio)),
            ],
        };
        return genotype.FindProblem() is { } problem ? throw item.Error(problem) : genotype;
    }
}
