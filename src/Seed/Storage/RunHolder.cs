using System.Globalization;

namespace LPZero.Seed.Storage;

/// <summary>What others are told of a process that owns a run.</summary>
internal static class RunHolder
{
    /// <summary>This process.</summary>
    public static string Self { get; } =
        string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");
}
