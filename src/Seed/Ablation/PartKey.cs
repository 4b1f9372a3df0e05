using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Search;

namespace LPZero.Seed.Ablation;

/// <summary>Identifies a part of a study by all that it depends on.</summary>
internal static class PartKey
{
    /// <summary>SHA-256 in hexadecimal.</summary>
    /// <param name="kind">What kind of part it is.</param>
    /// <param name="configuration">The configuration that it is of, seeds included.</param>
    /// <param name="benchmarkDigest">The benchmark's.</param>
    /// <param name="numericProfile">What the terms are computed with.</param>
    public static string Of(string kind, SearchConfiguration configuration, string benchmarkDigest, string numericProfile) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{kind}|{benchmarkDigest}|{numericProfile}|{JsonSerializer.Serialize(configuration, MessageJson.Options)}")));
}
