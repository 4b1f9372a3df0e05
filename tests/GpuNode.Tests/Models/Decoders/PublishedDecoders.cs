using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Tests.Vectors;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>The decoders of the public benchmarks, as their own files describe them.</summary>
internal static partial class PublishedDecoders
{
    /// <summary>GPT-2 of LiteTransformerSearch with its published counts.</summary>
    public static IEnumerable<(string Name, DecoderShape Shape, IReadOnlyDictionary<string, long> Published)> Gpt2()
    {
        var folder = Path.Combine(SharedData.Benchmarks!, "gpt2-wt103");
        var counts = new Dictionary<string, Dictionary<string, long>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(folder, "params_summary.yaml")))
        {
            if (line[0] != ' ')
            {
                counts.Add(line.TrimEnd(':'), []);
            }
            else
            {
                var (key, value) = Pair(line);
                counts.Last().Value.Add(key, (long)double.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        foreach (var (name, published) in counts)
        {
            var (configuration, job) = (name[..name.LastIndexOf('_')], name[(name.LastIndexOf('_') + 1)..]);
            yield return (name, Gpt2(File.ReadAllLines(Path.Combine(folder, configuration, job, "model_config.yaml"))), published);
        }
    }

    /// <summary>Decoders of HW-GPT-Bench.</summary>
    public static IEnumerable<(string Name, DecoderShape Shape)> HwGpt(string size)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Benchmarks!, "hw-gpt", size + ".json")));
        foreach (var network in file.RootElement.EnumerateArray())
        {
            var width = network.GetProperty("embed").GetInt32();
            yield return (network.GetProperty("id").GetString()!, new DecoderShape
            {
                Hidden = width,
                Embedding = new AdaptiveEmbedding(width, 1, [50254]),
                RotaryShare = 0.5,
                FeedForward = FeedForwardKind.Gelu,
                IsParallel = true,
                HasBiases = network.GetProperty("bias").GetBoolean(),
                Layers =
                [
                    .. network.GetProperty("heads").EnumerateArray().Zip(network.GetProperty("mlp_ratio").EnumerateArray()).Select(
                        layer => new DecoderLayer(layer.First.GetInt32(), 64, width * layer.Second.GetInt32())),
                ],
            });
        }
    }

    /// <summary>Decoders of open_lm's grid, with the tokens that each was trained on: twenty times its parameters.</summary>
    public static IEnumerable<(string Name, DecoderShape Shape, long Tokens)> OpenLm()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Benchmarks!, "open-lm", "grid.json")));
        foreach (var name in file.RootElement.EnumerateObject().Select(entry => entry.Name).ToList())
        {
            var numbers = OpenLmName().Match(name).Groups;
            var (hidden, layers, heads) = (Number(numbers["d"]), Number(numbers["l"]), Number(numbers["h"]));
            var feedForward = 256 * (((8 * hidden / 3) + 255) / 256);
            yield return (name, new DecoderShape
            {
                Hidden = hidden,
                Embedding = new AdaptiveEmbedding(hidden, 1, [50432]),
                RotaryShare = 1,
                Normalization = Normalization.LayerNormGain,
                FeedForward = FeedForwardKind.SwiGlu,
                IsTied = false,
                HasQueryKeyNorm = true,
                HasBiases = false,
                Layers = [.. Enumerable.Repeat(new DecoderLayer(heads, hidden / heads, feedForward), layers)],
            }, long.Parse(numbers["tokens"].Value, CultureInfo.InvariantCulture));
        }
    }

    private static DecoderShape Gpt2(string[] lines)
    {
        var scalars = new Dictionary<string, string>(StringComparer.Ordinal);
        var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var key = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (int.TryParse(line[2..], CultureInfo.InvariantCulture, out var item))
                {
                    lists[key].Add(item);
                }
            }
            else
            {
                (key, var value) = Pair(line);
                scalars.Add(key, value);
                lists.Add(key, []);
            }
        }

        var (hidden, vocabulary) = (Scalar("d_model"), Scalar("n_token"));
        return new DecoderShape
        {
            Hidden = hidden,
            Embedding = new AdaptiveEmbedding(
                Scalar("d_embed"), Scalar("div_val"), [.. lists["cutoffs"].Where(cutoff => cutoff < vocabulary).Append(vocabulary)]),
            Positions = 192,
            IsEmbeddingScaled = true,
            Layers = [.. lists["n_head"].Zip(lists["d_inner"], (heads, width) => new DecoderLayer(heads, hidden / heads, width))],
        };

        int Scalar(string name) => int.Parse(scalars[name], CultureInfo.InvariantCulture);
    }

    private static (string Key, string Value) Pair(string line)
    {
        var parts = line.Trim().Split(':', 2);
        return (parts[0], parts[1].Trim());
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^d=(?<d>\d+)_l=(?<l>\d+)_h=(?<h>\d+)-[^-]*-[^-]*-[^-]*-[^-]*-(?<tokens>\d+)-", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex OpenLmName();
}

/// <summary>A test over one of the public benchmarks' files.</summary>
public sealed class BenchmarkFactAttribute : FactAttribute
{
    public BenchmarkFactAttribute(string path)
    {
        if (SharedData.Benchmarks is null || !Path.Exists(Path.Combine(SharedData.Benchmarks, path)))
        {
            Skip = $"{path} is not there (../shared/benchmarks or LPZERO_BENCHMARKS)";
        }
    }
}
