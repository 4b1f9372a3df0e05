using System.Collections.Immutable;
using System.Runtime.Serialization;
using Google.Protobuf;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Wire;

/// <summary>One kind of message: its manifest with its version, and how it is written and read.</summary>
internal sealed record WireEntry(Type Type, string Manifest, Func<object, byte[]> Write, Func<byte[], object> Read);

/// <summary>
/// Every message on the wire and in the journal. A changed meaning gets a new version here; the reader of an old version
/// stays for as long as journals hold it.
/// </summary>
internal static class WireCatalog
{
    public static readonly ImmutableArray<WireEntry> Entries =
    [
        Entry<BatchRequest, V1.BatchRequest>("batch-request-4", V1.BatchRequest.Parser, TermWire.ToWire, TermWire.FromWire),
        Entry<RequestTaken, V1.RequestTaken>("request-taken-1", V1.RequestTaken.Parser, TermWire.ToWire, TermWire.FromWire),
        Entry<TermReply, V1.TermReply>("term-reply-1", V1.TermReply.Parser, TermWire.ToWire, TermWire.FromWire),
        Entry<TermsRefused, V1.TermsRefused>("terms-refused-1", V1.TermsRefused.Parser, TermWire.ToWire, TermWire.FromWire),
        Entry<DescribeDevice, V1.DescribeDevice>(
            "describe-device-1", V1.DescribeDevice.Parser, _ => new V1.DescribeDevice(), _ => DescribeDevice.Instance),
        Entry<DeviceDescription, V1.DeviceDescription>(
            "device-description-1", V1.DeviceDescription.Parser, TermWire.ToWire, TermWire.FromWire),
        Entry<Drain, V1.Drain>("drain-1", V1.Drain.Parser, _ => new V1.Drain(), _ => Drain.Instance),

        Run("wake-run-1", run => new WakeRun(run)),
        Run("pause-run-1", run => new PauseRun(run)),
        Run("resume-run-1", run => new ResumeRun(run)),
        Entry<StopRun, V1.StopRun>("stop-run-1", V1.StopRun.Parser, stop => new V1.StopRun { Run = stop.Run, Reason = stop.Reason },
            wire => new StopRun(wire.Run, wire.Reason)),
        Entry<PrioritizeRun, V1.PrioritizeRun>(
            "prioritize-run-1", V1.PrioritizeRun.Parser,
            other => new V1.PrioritizeRun { Run = other.Run, Priority = other.Priority },
            wire => new PrioritizeRun(wire.Run, TermWire.PriorityOf(wire.Priority))),
        Run("describe-run-1", run => new DescribeRun(run)),
        Run("list-leaders-1", run => new ListLeaders(run)),
        Run("delete-run-1", run => new DeleteRun(run)),
        Entry<RunDeleted, V1.RunRequest>("run-deleted-1", V1.RunRequest.Parser, deleted => new V1.RunRequest { Run = deleted.Run },
            wire => new RunDeleted(wire.Run)),
        Entry<RunRefused, V1.RunRefused>(
            "run-refused-1", V1.RunRefused.Parser,
            refused => new V1.RunRefused { Reason = refused.Reason, IsUnknown = refused.IsUnknown, IsAway = refused.IsAway },
            wire => new RunRefused(wire.Reason, wire.IsUnknown, wire.IsAway)),
        Entry<RunStatus, V1.RunStatus>("run-status-1", V1.RunStatus.Parser, RunWire.ToWire, RunWire.FromWire),
        Entry<RunLeaderboard, V1.RunLeaderboard>("run-leaderboard-1", V1.RunLeaderboard.Parser, RunWire.ToWire, RunWire.FromWire),

        Entry<SearchStarted, V1.SearchStarted>("search-started-1", V1.SearchStarted.Parser, EventWire.ToWire, EventWire.FromWire),
        Entry<RoundProposed, V1.RoundProposed>("round-proposed-1", V1.RoundProposed.Parser, EventWire.ToWire, EventWire.FromWire),
        Entry<RoundScored, V1.RoundScored>("round-scored-1", V1.RoundScored.Parser, EventWire.ToWire, EventWire.FromWire),
        Entry<SearchFinished, V1.SearchFinished>("search-finished-1", V1.SearchFinished.Parser, EventWire.ToWire, EventWire.FromWire),
        Entry<SearchPaused, V1.SearchPaused>(
            "search-paused-1", V1.SearchPaused.Parser, _ => new V1.SearchPaused(), _ => new SearchPaused()),
        Entry<SearchResumed, V1.SearchResumed>(
            "search-resumed-1", V1.SearchResumed.Parser, _ => new V1.SearchResumed(), _ => new SearchResumed()),
        Entry<SearchStopped, V1.SearchStopped>("search-stopped-1", V1.SearchStopped.Parser, EventWire.ToWire, EventWire.FromWire),
        Entry<SearchSnapshot, V1.SearchSnapshot>("search-snapshot-1", V1.SearchSnapshot.Parser, EventWire.ToWire, EventWire.FromWire),
    ];

    private static readonly ImmutableDictionary<Type, WireEntry> ByType = Entries.ToImmutableDictionary(entry => entry.Type);
    private static readonly ImmutableDictionary<string, WireEntry> ByManifest = Entries.ToImmutableDictionary(
        entry => entry.Manifest, StringComparer.Ordinal);

    /// <exception cref="SerializationException">The type is in no catalog.</exception>
    public static WireEntry Of(object message) => ByType.TryGetValue(message.GetType(), out var entry)
        ? entry
        : throw new SerializationException($"{message.GetType()} has no wire format");

    /// <exception cref="SerializationException">The manifest is unknown.</exception>
    public static WireEntry Of(string manifest) => ByManifest.TryGetValue(manifest, out var entry)
        ? entry
        : throw new SerializationException($"unknown manifest '{manifest}': it is of another version of the program");

    private static WireEntry Entry<TMessage, TWire>(
        string manifest, MessageParser<TWire> parser, Func<TMessage, TWire> write, Func<TWire, TMessage> read)
        where TMessage : notnull
        where TWire : IMessage<TWire> =>
        new(typeof(TMessage), manifest, message => write((TMessage)message).ToByteArray(), bytes => read(parser.ParseFrom(bytes)));

    private static WireEntry Run<TMessage>(string manifest, Func<string, TMessage> create)
        where TMessage : RunMessage =>
        Entry(manifest, V1.RunRequest.Parser, message => new V1.RunRequest { Run = message.Run }, wire => create(wire.Run));
}
