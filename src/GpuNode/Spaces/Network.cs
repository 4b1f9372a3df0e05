using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces;

/// <summary>What the space of a network makes of it and its probe.</summary>
public static class Network
{
    // A thread of a CPU, where weights are drawn, does about so many operations of a product in the time of a draw: 16 ns at 74 a ns.
    private const double OperationsOfDraw = 1000;

    /// <summary>The network on a device. Nothing is drawn yet.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="device">Where it is to be.</param>
    /// <exception cref="ArgumentException">It cannot be built, or there is none to build: its inputs were recorded.</exception>
    public static INetwork Of(ProbedNetwork target, Device device) => Checked(target).Build(target.Probe, device)
        ?? throw new ArgumentException($"{target.Network} is no network that can be built: its inputs were recorded", nameof(target));

    /// <summary>The network on a device, or null where its inputs were recorded.</summary>
    /// <exception cref="ArgumentException">It cannot be built.</exception>
    public static INetwork? FindOf(ProbedNetwork target, Device device) => Checked(target).Build(target.Probe, device);

    /// <summary>Bytes that its inputs take, and making them, before anything is allocated.</summary>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public static MemoryEstimate MemoryOf(ProbedNetwork target) => Checked(target).Estimate(target.Probe);

    /// <summary>What its passes take of time; null where that is not known, or there are none.</summary>
    /// <exception cref="ArgumentException">The network cannot be built.</exception>
    public static TimeEstimate? TimeOf(ProbedNetwork target) => Checked(target).EstimateTime(target.Probe);

    /// <summary>
    /// What it takes of a device's time compared to others of its space, where nothing is known of what will be asked of it: operations of
    /// both passes, each weight drawn counted as a thousand. 1 where that is not known or it cannot be built.
    /// </summary>
    public static double WorkOf(ProbedNetwork target)
    {
        try
        {
            return TimeOf(target) is { } time ? time.WithGradients + (OperationsOfDraw * time.Drawn) : 1;
        }
        catch (ArgumentException)
        {
            return 1; // whoever computes it says why
        }
    }

    /// <summary>What it shows on its mini-batch; owned by the caller.</summary>
    /// <param name="target">The network, with its shapes resolved, and its probe.</param>
    /// <param name="wanted">The inputs that are wanted; others may be there, too.</param>
    /// <param name="device">Where the passes run and the inputs stay.</param>
    /// <exception cref="ArgumentException">The network cannot be built, or the mini-batch does not fit the embedding.</exception>
    public static ArchitectureInputs InputsOf(ProbedNetwork target, IReadOnlyCollection<InputKind> wanted, Device device) =>
        Checked(target).Inputs(target.Probe, wanted, device);

    private static NetworkGenotype Checked(ProbedNetwork target) =>
        target.FindProblem() is { } problem
            ? throw new ArgumentException(problem, nameof(target))
            : target.Network as NetworkGenotype
                ?? throw new ArgumentException($"the space '{target.Network.Space}' builds no networks", nameof(target));
}
