using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces;

/// <summary>A genotype that inputs come from: of a network that is built here, or recorded ones.</summary>
public abstract class NetworkGenotype : Genotype
{
    /// <summary>Bytes that the inputs take, and making them, from the shapes alone.</summary>
    /// <param name="probe">How the network is probed.</param>
    public abstract MemoryEstimate Estimate(ProbeSettings probe);

    /// <summary>
    /// What the passes over the mini-batch take of time, from the shapes alone. Unless a space knows better: the operations of its
    /// <see cref="Structure"/> for every token, no loss, and the parameters outside embedding and output drawn once.
    /// </summary>
    /// <param name="probe">How the network is probed.</param>
    /// <returns>Null where the operations are not known, as of recorded inputs, over which nothing passes.</returns>
    public virtual TimeEstimate? EstimateTime(ProbeSettings probe)
    {
        var structure = Describe(probe.Sizes, probe.SequenceLength);
        return structure.FlopsPerToken is { } operations
            ? new TimeEstimate(
                (double)probe.BatchSize * probe.SequenceLength * operations, Loss: 0, structure.Parameters?.NonEmbedding ?? 0)
            : null;
    }

    /// <summary>The network with its weights on a mini-batch, or null where there is none to build. Nothing is drawn yet.</summary>
    /// <param name="probe">How the network is probed.</param>
    /// <param name="device">Where it is to be.</param>
    public abstract INetwork? Build(ProbeSettings probe, Device device);

    /// <summary>The file in which its inputs were recorded; null where they come from a network that is built here.</summary>
    public virtual string? RecordedIn => null;

    /// <summary>What the network shows on the mini-batch; owned by the caller.</summary>
    /// <param name="probe">How the network is probed.</param>
    /// <param name="wanted">The inputs that are wanted; others may be there, too.</param>
    /// <param name="device">Where the inputs are to be.</param>
    public virtual ArchitectureInputs Inputs(ProbeSettings probe, IReadOnlyCollection<InputKind> wanted, Device device) =>
        InputProbe.Run(Build(probe, device) ?? throw new InvalidOperationException($"{this} has neither inputs nor a network"), wanted);
}
