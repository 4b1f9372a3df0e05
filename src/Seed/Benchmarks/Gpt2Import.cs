using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Spaces.Decoders;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads the folder in which LiteTransformerSearch (NeurIPS 2022, repository microsoft/archai, branch neurips-lts) publishes its GPT-2
/// networks: a perplexity of each in <c>ppl_summary.yaml</c>, and each one's <c>config_N/jN/model_config.yaml</c>.
/// </summary>
internal static partial class Gpt2Import
{
    private const string Summary = "ppl_summary.yaml";

    private static readonly ImmutableArray<string> Truths = ["valid_ppl", "test_ppl", "test_word_ppl"];

    // What the public code can build otherwise, as all of the published networks have it; read as if it were not there, another network
    // would be built.
    private static readonly ImmutableArray<(string Name, string Value)> Published =
    [
        ("primer_conv", "false"), ("primer_square", "false"), ("same_length", "false"), ("pre_lnorm", "false"), ("tie_weight", "true"),
        ("attn_type", "0"), ("clamp_len", "-1"), ("sample_softmax", "-1"), ("ext_len", "0"), ("adaptive", "true"),
        ("tie_projs", "[false,true,true,true]"),
    ];

    /// <summary>The benchmark.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="truth">Which of the perplexities; null for that on the validation set.</param>
    public static Benchmark Read(string folder, string? truth)
    {
        if (!Directory.Exists(folder))
        {
            throw new BenchmarkException($"{folder}: there is no such folder; give the one that holds {Summary}");
        }

        var name = TruthName.Choose(truth, Truths, $"{Gpt2Genotype.SpaceName}:{folder}");
        var summary = YamlFile.Read(Path.Combine(folder, Summary), "perplexities");
        var members = summary.ObjectMembers();
        var architectures = BenchmarkReading.Architectures(
            summary, [.. members.Select(member => member.Value)],
            (index, item) => ReadArchitecture(folder, members[index].Name, item, name));
        var sizes = architectures.Select(architecture => SizesOf((Gpt2Genotype)architecture.Genotype)).ToList();
        if (sizes.FindIndex(size => size != sizes[0]) is var other and > 0)
        {
            throw members[other].Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"has {sizes[other].Vocabulary} tokens and {sizes[other].Positions} positions, others " +
                $"{sizes[0].Vocabulary} and {sizes[0].Positions}; a mini-batch serves all networks, so leave it out"));
        }

        return new Benchmark("gpt2", $"negative {name}", Shapes.Genotype, sizes[0], architectures);
    }

    private static EmbeddingSizes SizesOf(Gpt2Genotype genotype) => new(genotype.Shape.Vocabulary, Embedding: null, genotype.Positions);

    private static Architecture ReadArchitecture(string folder, string id, JsonField item, string truth)
    {
        var parts = Id().Match(id);
        if (!parts.Success)
        {
            throw item.Error("is no name of a network such as config_0_j3; check the file");
        }

        var configuration = YamlFile.Read(
            Path.Combine(folder, parts.Groups["config"].Value, parts.Groups["job"].Value, "model_config.yaml"), "model configuration");
        return new Architecture(id, ReadGenotype(configuration), -BenchmarkReading.Perplexity(item, truth));
    }

    private static Gpt2Genotype ReadGenotype(JsonField configuration)
    {
        if (configuration.Optional("vocab") is { } vocabulary && vocabulary.Element.ToString() == "word")
        {
            throw vocabulary.Error("this is a Transformer-XL, which is no space of this program yet; give a GPT-2");
        }

        foreach (var (name, value) in Published)
        {
            if (configuration.Optional(name) is { } other && other.Element.GetRawText() != value)
            {
                throw other.Expected($"{value}, as all of this space have it");
            }
        }

        var hidden = configuration.Integer("d_model", NetworkBounds.HiddenSize);
        var width = configuration.Integer("d_embed", new Bounds(-1, NetworkBounds.Embedding.Most));
        var tokens = configuration.Integer("n_token", NetworkBounds.Vocabulary);
        var layers = configuration.Integer("n_layer", NetworkBounds.Layers);
        var genotype = new Gpt2Genotype
        {
            Hidden = hidden,
            Embedding = new AdaptiveEmbedding(
                width < 0 ? hidden : width, configuration.Integer("div_val", DecoderBounds.Divisor), Ends(configuration, tokens)),
            Positions = configuration.Integer("tgt_len", NetworkBounds.Positions),
            Layers =
            [
                .. BenchmarkReading.Integers(configuration, "n_head", NetworkBounds.Heads, layers).Zip(
                    BenchmarkReading.Integers(configuration, "d_inner", NetworkBounds.FeedForwardDimension, layers),
                    (heads, feedForward) => new Gpt2Layer(heads, feedForward)),
            ],
        };
        CheckHeadWidth(configuration, genotype);
        return genotype.FindProblem() is { } problem ? throw configuration.Error(problem) : genotype;
    }

    /// <summary>Heads share the hidden size, which -1 stands for.</summary>
    private static void CheckHeadWidth(JsonField configuration, Gpt2Genotype genotype)
    {
        if (configuration.Optional("d_head") is { } given
            && given.AsInteger(new Bounds(-1, NetworkBounds.HiddenSize.Most)) is var width and not -1
            && genotype.Layers.Any(layer => layer.Heads * width != genotype.Hidden))
        {
            throw given.Expected("-1, or the hidden size by the heads of each layer");
        }
    }

    /// <summary>The public code leaves out the cutoffs that the vocabulary does not reach, and ends with its size.</summary>
    private static ImmutableArray<int> Ends(JsonField configuration, int tokens)
    {
        var cutoffs = configuration.Array("cutoffs");
        var ends = cutoffs.Select(cutoff => cutoff.AsInteger(NetworkBounds.Vocabulary)).ToList();
        if (ends.Count > 1 && (ends[0] >= tokens || ends[..^1].Zip(ends[1..^1], (before, after) => before > after).Any(falls => falls)))
        {
            throw cutoffs[0].Expected("cutoffs that rise, the first below the number of tokens");
        }

        return ends[^1] <= tokens
            ? [.. ends.Where(end => end < tokens), tokens]
            : throw cutoffs[^1].Expected(string.Create(CultureInfo.InvariantCulture, $"{tokens} at most, the number of tokens"));
    }

    [GeneratedRegex(@"^(?<config>config_\d{1,9})_(?<job>j\d{1,9})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
