using Google.Protobuf;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;

namespace LPZero.Seed.Wire;

/// <summary>Requests for terms and their answers.</summary>
internal static class TermWire
{
    public static V1.BatchRequest ToWire(BatchRequest message) => new()
    {
        Batch = message.Batch,
        Run = message.Run,
        NumericProfile = message.NumericProfile,
        Trace = message.Trace ?? "",
        Priority = message.Priority,
        Request = new V1.TermRequest
        {
            Id = message.Request.Id,
            Attempt = message.Request.Attempt,
            Target = ToWire(message.Request.Target),
            IsLast = message.Request.IsLast,
            Wanted = { message.Request.Wanted.Select(ChainSetWire.ToWire) },
            Proxies = { message.Request.Proxies },
            Along = { message.Request.Along.Select(ChainSetWire.ToWire) },
        },
    };

    public static BatchRequest FromWire(V1.BatchRequest wire) => new(wire.Batch, wire.Run, wire.NumericProfile, new TermRequest(
        wire.Request.Id, wire.Request.Attempt, FromWire(wire.Request.Target), [.. wire.Request.Wanted.Select(ChainSetWire.FromWire)],
        wire.Request.IsLast)
    {
        Proxies = [.. wire.Request.Proxies],
        Along = [.. wire.Request.Along.Select(ChainSetWire.FromWire)],
    })
    {
        Trace = wire.Trace.Length > 0 ? wire.Trace : null,
        Priority = PriorityOf(wire.Priority),
    };

    /// <summary>A priority; an earlier version sends none, and what none can be counts as the bound that it passes.</summary>
    public static int PriorityOf(int wire) => wire == 0 ? DeviceShare.Standard : Math.Clamp(wire, DeviceShare.Least, DeviceShare.Most);

    public static V1.RequestTaken ToWire(RequestTaken message) => new() { Id = message.Id, Attempt = message.Attempt };

    public static RequestTaken FromWire(V1.RequestTaken wire) => new(wire.Id, wire.Attempt);

    public static V1.TermReply ToWire(TermReply message) => new()
    {
        Id = message.Id,
        Attempt = message.Attempt,
        Blocks =
        {
            message.Blocks.Select(block => new V1.TermBlock
            {
                Input = (int)block.Input,
                Terms = UnsafeByteOperations.UnsafeWrap(TermBlockCodec.Encode(block)),
            }),
        },
        Scores = { message.Scores.Select(ScoreWire.ToWire) },
    };

    public static TermReply FromWire(V1.TermReply wire) => new(wire.Id, wire.Attempt,
        [.. wire.Blocks.Select(block => TermBlockCodec.Decode(WireEnum.Read<InputKind>(block.Input), block.Terms.ToByteArray()))])
    {
        Scores = [.. wire.Scores.Select(ScoreWire.FromWire)],
    };

    public static V1.TermsRefused ToWire(TermsRefused message) =>
        new() { Id = message.Id, Attempt = message.Attempt, Cause = (int)message.Cause, Reason = message.Reason };

    public static TermsRefused FromWire(V1.TermsRefused wire) =>
        new(wire.Id, wire.Attempt, WireEnum.Read<RefusalCause>(wire.Cause), wire.Reason);

    public static V1.DeviceDescription ToWire(DeviceDescription message) => new()
    {
        NumericProfile = message.NumericProfile,
        Threads = message.Threads,
        LoadedArchitectures = message.LoadedArchitectures,
        ComputedTerms = message.ComputedTerms,
        LoadedBytes = message.LoadedBytes,
        MemoryBudget = message.MemoryBudget,
    };

    public static DeviceDescription FromWire(V1.DeviceDescription wire) =>
        new(wire.NumericProfile, wire.Threads, wire.LoadedArchitectures, wire.ComputedTerms, wire.LoadedBytes, wire.MemoryBudget);

    private static V1.ProbedNetwork ToWire(ProbedNetwork target) => new()
    {
        Network = target.Network.ToString(),
        BatchSize = target.Probe.BatchSize,
        SequenceLength = target.Probe.SequenceLength,
        WeightsSeed = target.Probe.WeightsSeed,
        BatchSeed = target.Probe.BatchSeed,
        Weights = (int)target.Probe.Weights,
        Vocabulary = target.Probe.Sizes.Vocabulary,
        Embedding = target.Probe.Sizes.Embedding ?? 0,
        Positions = target.Probe.Sizes.Positions,
        Loss = (int)target.Probe.Loss,
        Start = (int)target.Probe.Start,
        Mode = (int)target.Probe.Mode,
    };

    private static ProbedNetwork FromWire(V1.ProbedNetwork wire) => new(
        SearchSpaces.Known.Parse(wire.Network),
        new ProbeSettings(
            wire.BatchSize, wire.SequenceLength, wire.WeightsSeed, wire.BatchSeed, WireEnum.Read<WeightSelection>(wire.Weights),
            new EmbeddingSizes(wire.Vocabulary, wire.Embedding == 0 ? null : wire.Embedding, wire.Positions),
            WireEnum.Read<LossKind>(wire.Loss), WireEnum.Read<WeightStart>(wire.Start), WireEnum.Read<ProbeMode>(wire.Mode)));
}
