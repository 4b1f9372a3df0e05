using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Networks;

/// <summary>Which <see cref="INetwork"/> stands for a network and its probe.</summary>
public static class Network
{
    /// <summary>The network on a device. Nothing is drawn yet.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="device">Where it is to be.</param>
    /// <exception cref="ArgumentException">It cannot be built.</exception>
    public static INetwork Of(ProbedNetwork target, Device device) =>
        (target.Network.FindProblem() ?? target.Probe.Sizes.FindProblem()) is { } problem
            ? throw new ArgumentException(problem, nameof(target))
            : new FlexiBertNetwork(target.Network, target.Probe, device);
}
