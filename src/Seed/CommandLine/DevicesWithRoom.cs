using System.Collections.Immutable;

namespace LPZero.Seed.CommandLine;

/// <summary>How many threads may compute on each device, so that none has more than its part of the memory.</summary>
internal static class DevicesWithRoom
{
    /// <summary>The devices, each as often as networks fit side by side into its part, which is the same for all of them.</summary>
    /// <param name="devices">The devices, each as often as threads are to compute on it.</param>
    /// <param name="bytes">Memory of all of them together.</param>
    /// <param name="needed">Bytes that a network takes at most.</param>
    /// <returns>
    /// All of them, in their order, where they fit; else each once, those with room for a second again, and so on; empty where a device's
    /// part has no room for one network.
    /// </returns>
    public static ImmutableArray<string> Of(ImmutableArray<string> devices, long bytes, long needed)
    {
        var networks = (int)Math.Min(bytes / devices.Distinct().Count() / needed, devices.Length);
        ImmutableArray<string> fit =
        [
            .. devices.GroupBy(device => device).SelectMany(same => same.Take(networks).Index())
                .OrderBy(device => device.Index).Select(device => device.Item),
        ];
        return fit.Length == devices.Length ? devices : fit;
    }
}
