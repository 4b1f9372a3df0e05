using System.Globalization;
using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>Parameter counts against those of the networks that the public code builds.</summary>
public sealed class ParameterVectorsTests
{
    private const string Benchmark = "flexibert/BERT_benchmark.json";
    private const string Results = "flexibert/BERT_results_activation.csv";

    [VectorFact("parameters.json", Benchmark = Benchmark)]
    public void Parameter_counts_are_exact_in_all_three_shapes()
    {
        var genotypes = FlexiBertBenchmarkFile.Genotypes();
        foreach (var entry in VectorFile.Read("parameters.json").EnumerateArray())
        {
            var genotype = genotypes[entry.GetProperty("id").GetInt32()];
            Assert.Equal(
                (entry.GetProperty("published").GetInt64(), entry.GetProperty("genotype").GetInt64(),
                    entry.GetProperty("asTrained").GetInt64()),
                (Count(genotype, Shapes.Published), Count(genotype, Shapes.Genotype), Count(genotype, Shapes.AsTrained)));
        }
    }

    [VectorFact(Benchmark = Results)]
    public void Published_parameter_counts_are_those_of_the_benchmarks_own_table()
    {
        var genotypes = FlexiBertBenchmarkFile.Genotypes();
        var lines = File.ReadAllLines(Path.Combine(SharedData.Benchmarks!, Results));
        var column = Array.IndexOf(lines[0].Split(','), "Number of Parameters");
        foreach (var line in lines.Skip(1).Select(l => l.Split(',')))
        {
            var genotype = genotypes[int.Parse(line[0], CultureInfo.InvariantCulture)];
            Assert.Equal(long.Parse(line[column], CultureInfo.InvariantCulture), Count(genotype, Shapes.Published));
        }
    }

    private static long Count(FlexiBertGenotype genotype, Shapes shapes) =>
        FlexiBertParameters.Count(genotype.Resolve(shapes), FlexiBertSpace.PublicSizes).Total;
}

/// <summary>The genotypes of the public benchmark, as its authors publish it.</summary>
internal static class FlexiBertBenchmarkFile
{
    public static Dictionary<int, FlexiBertGenotype> Genotypes()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Benchmarks!, "flexibert/BERT_benchmark.json")));
        return file.RootElement.EnumerateArray().ToDictionary(
            architecture => architecture.GetProperty("id").GetInt32(),
            architecture => Genotype(architecture.GetProperty("hparams").GetProperty("model_hparam_overrides")));
    }

    private static FlexiBertGenotype Genotype(JsonElement json)
    {
        var layers = json.GetProperty("nas_config").GetProperty("encoder_layers").EnumerateArray().Select(layer =>
            new FlexiBertLayer(
                Operation(layer),
                layer.GetProperty("num_operation_heads").GetInt32(),
                layer.GetProperty("feed_forward_dimension").GetInt32(),
                layer.GetProperty("num_feed_forward").GetInt32()));
        return new FlexiBertGenotype(json.GetProperty("hidden_size").GetInt32(), [.. layers]);
    }

    public static MixingOperation Operation(JsonElement layer)
    {
        var name = $"{layer.GetProperty("operation_type").GetString()}/{layer.GetProperty("operation_parameter")}";
        return MixingOperations.TryParse(name, out var operation) ? operation : throw new FormatException($"unknown operation '{name}'");
    }
}
