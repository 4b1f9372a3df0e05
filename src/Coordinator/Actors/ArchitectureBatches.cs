using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// The fixed partition of networks into batches, by content alone: two runs on the same benchmark and
/// probe have the same batches, and share what is loaded.
/// </summary>
public sealed class ArchitectureBatches
{
    /// <summary>Networks in a batch.</summary>
    public const int Size = 8;

    private readonly ImmutableDictionary<Genotype, string> keys;

    private ArchitectureBatches(ImmutableDictionary<Genotype, string> keys) => this.keys = keys;

    /// <summary>The batches of a benchmark in the given shapes.</summary>
    /// <param name="benchmark">The whole benchmark, search set and held-out set.</param>
    /// <param name="shapes">Which networks its genotypes stand for.</param>
    /// <param name="probe">How they are probed.</param>
    public static ArchitectureBatches Of(Benchmark benchmark, Shapes shapes, ProbeSettings probe) =>
        Of(benchmark.Architectures.Select(architecture => architecture.Genotype.Resolve(shapes)), probe);

    /// <summary>The batches of any networks.</summary>
    /// <param name="networks">The networks; one that comes twice counts once.</param>
    /// <param name="probe">How they are probed.</param>
    public static ArchitectureBatches Of(IEnumerable<Genotype> networks, ProbeSettings probe)
    {
        var ordered = networks.Distinct().OrderBy(network => Hash(network.ToString()), StringComparer.Ordinal).ToList();
        var partition = Hash(string.Join('|', ordered))[..12];
        return new ArchitectureBatches(ordered.Select((network, index) => (network, Key: string.Create(CultureInfo.InvariantCulture,
            $"{partition}-{index / Size}-{probe.WeightsSeed}-{probe.BatchSeed}-{probe.BatchSize}x{probe.SequenceLength}-{probe.Weights}")))
            .ToImmutableDictionary(pair => pair.network, pair => pair.Key));
    }

    /// <summary>The key of the batch that the network is in.</summary>
    public string KeyOf(Genotype network) => keys[network];

    /// <summary>A batch's number within its benchmark and probe, and what names these; 0 and all of the key where it has none.</summary>
    public static (string All, int Number) Parse(string key)
    {
        var parts = key.Split('-', 3);
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? ($"{parts[0]}-{parts[2]}", number)
            : (key, 0);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
