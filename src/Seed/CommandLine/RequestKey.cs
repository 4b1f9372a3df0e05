using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LPZero.Messages;

namespace LPZero.Seed.CommandLine;

/// <summary>Tells requests that differ in anything apart, in the name of a folder.</summary>
internal static class RequestKey
{
    /// <summary>Twelve digits of the SHA-256 of the request's JSON, in hexadecimal.</summary>
    public static string Of<T>(T asked) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(asked, MessageJson.Options))))[..12];
}
