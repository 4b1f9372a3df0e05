using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LPZero.Seed.Hosting;

/// <summary>Names that all nodes of a cluster must agree on.</summary>
public static class ClusterNames
{
    /// <summary>The actor system.</summary>
    public const string System = "lpzero";

    /// <summary>Role of nodes that own runs.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Role of nodes that compute terms.</summary>
    public const string Gpu = "gpu";

    /// <summary>The shard region of the runs' owners.</summary>
    public const string Runs = "runs";

    private const string CapacityPrefix = "devices-";

    /// <summary>
    /// Role that GPU nodes of one numeric profile have besides: batches are sharded among these alone, so that no term is
    /// ever computed with another arithmetic than its run is pinned to.
    /// </summary>
    public static string GpuRole(string numericProfile) => $"{Gpu}-{Digest(numericProfile)}";

    /// <summary>Role of nodes with so many device threads: batches are spread by them.</summary>
    public static string CapacityRole(int threads) => string.Create(CultureInfo.InvariantCulture, $"{CapacityPrefix}{threads}");

    /// <summary>How many device threads a node with these roles has; 1 where they do not say.</summary>
    public static int CapacityOf(IEnumerable<string> roles) =>
        roles.FirstOrDefault(role => role.StartsWith(CapacityPrefix, StringComparison.Ordinal)) is { } role
            && int.TryParse(role.AsSpan(CapacityPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var threads)
            && threads > 0
                ? threads
                : 1;

    /// <summary>The shard region of the batches of a numeric profile.</summary>
    public static string Batches(string numericProfile) => $"batches-{Digest(numericProfile)}";

    /// <summary>Role of the nodes that share a database.</summary>
    public static string DatabaseRole(string databaseId) => $"database-{Digest(databaseId)}";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
