using System.Collections.Immutable;
using System.Text.Json;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Seed.Wire;

/// <summary>Events and snapshots of a search.</summary>
internal static class EventWire
{
    public static V1.Fitness ToWire(Fitness fitness)
    {
        var wire = new V1.Fitness { Rho = fitness.Rho, TauA = fitness.TauA, TauB = fitness.TauB, Ranking = fitness.Ranking };
        if (fitness.Criterion is { } criterion)
        {
            wire.Criterion = criterion;
        }

        return wire;
    }

    public static Fitness FromWire(V1.Fitness wire) =>
        new(wire.Rho, wire.TauA, wire.TauB, wire.Ranking, wire.HasCriterion ? wire.Criterion : null);

    public static V1.SearchStarted ToWire(SearchStarted message) => new()
    {
        Configuration = JsonSerializer.Serialize(message.Configuration, MessageJson.Options),
        BenchmarkDigest = message.BenchmarkDigest,
        SearchArchitectures = { message.SearchArchitectures },
    };

    public static SearchStarted FromWire(V1.SearchStarted wire) => new(
        JsonSerializer.Deserialize<SearchConfiguration>(wire.Configuration, MessageJson.Options)!, wire.BenchmarkDigest,
        [.. wire.SearchArchitectures]);

    public static V1.RoundProposed ToWire(RoundProposed message) => new()
    {
        Iteration = message.Iteration,
        Proposals = { message.Proposals.Select(ToWire) },
        RuleHits = { message.RuleHits.Select(rule => new V1.RuleCount { Rule = rule.Key, Count = rule.Value }) },
        RandomState = message.RandomState,
    };

    public static RoundProposed FromWire(V1.RoundProposed wire) => new(
        wire.Iteration, [.. wire.Proposals.Select(FromWire)],
        wire.RuleHits.ToImmutableSortedDictionary(rule => rule.Rule, rule => checked((int)rule.Count), StringComparer.Ordinal),
        wire.RandomState);

    public static V1.RoundScored ToWire(RoundScored message) =>
        new() { Iteration = message.Iteration, Outcomes = { message.Outcomes.Select(ToWire) } };

    public static RoundScored FromWire(V1.RoundScored wire) => new(wire.Iteration, [.. wire.Outcomes.Select(FromWire)]);

    public static V1.SearchFinished ToWire(SearchFinished message) => new() { Reason = (int)message.Reason };

    public static SearchFinished FromWire(V1.SearchFinished wire) => new(WireEnum.Read<FinishReason>(wire.Reason));

    public static V1.SearchStopped ToWire(SearchStopped message) => new() { Reason = message.Reason };

    public static SearchStopped FromWire(V1.SearchStopped wire) => new(wire.Reason);

    public static V1.SearchSnapshot ToWire(SearchSnapshot message)
    {
        var wire = new V1.SearchSnapshot
        {
            Phase = (int)message.Phase,
            Iteration = message.Iteration,
            Round = message.Round,
            Evaluations = message.Evaluations,
            InvalidEvaluations = message.InvalidEvaluations,
            Population = { message.Population.Select(ToWire) },
            IsPopulated = message.IsPopulated,
            HallOfFame = { message.HallOfFame.Select(ToWire) },
            FormsInHallOfFame = { message.FormsInHallOfFame.Select(proxy => proxy.ToString()) },
            KnownInvalid = { message.KnownInvalid.Select(proxy => proxy.ToString()) },
            Pending = { message.Pending.Select(ToWire) },
            RuleHits = { message.RuleHits.Select(rule => new V1.RuleCount { Rule = rule.Key, Count = rule.Value }) },
            BestSince = message.BestSince,
            BestByTruth = message.BestByTruth is { } best ? ToWire(best) : null,
            RandomState = message.RandomState,
            Convergence =
            {
                (message.Convergence ?? []).Select(point =>
                    new V1.ConvergencePoint { Iteration = point.Iteration, BestRho = point.BestRho }),
            },
            InvalidByReason =
            {
                (message.InvalidByReason ?? ImmutableSortedDictionary<InvalidReason, int>.Empty).Select(invalid =>
                    new V1.InvalidCount { Reason = (int)invalid.Key, Count = invalid.Value }),
            },
        };
        if (message.Ended is { } reason)
        {
            wire.Ended = reason;
        }

        return wire;
    }

    public static SearchSnapshot FromWire(V1.SearchSnapshot wire) => new(
        WireEnum.Read<SearchPhase>(wire.Phase), wire.Iteration, wire.Round, wire.Evaluations, wire.InvalidEvaluations,
        [.. wire.Population.Select(FromWire)], wire.IsPopulated, [.. wire.HallOfFame.Select(FromWire)],
        [.. wire.FormsInHallOfFame.Select(ProxyText.ParseProxy)],
        [.. wire.KnownInvalid.Select(ProxyText.ParseProxy)], [.. wire.Pending.Select(FromWire)],
        wire.RuleHits.ToImmutableSortedDictionary(rule => rule.Rule, rule => rule.Count, StringComparer.Ordinal), wire.BestSince,
        wire.RandomState, wire.HasEnded ? wire.Ended : null,
        wire.InvalidByReason.ToImmutableSortedDictionary(invalid => WireEnum.Read<InvalidReason>(invalid.Reason), invalid => invalid.Count),
        [.. wire.Convergence.Select(point => new ConvergencePoint(point.Iteration, point.BestRho))],
        wire.BestByTruth is null ? null : FromWire(wire.BestByTruth));

    private static V1.Proposal ToWire(Proposal proposal) => new() { Proxy = proposal.Proxy.ToString(), Origin = (int)proposal.Origin };

    private static Proposal FromWire(V1.Proposal wire) => new(ProxyText.ParseProxy(wire.Proxy), WireEnum.Read<ProposalOrigin>(wire.Origin));

    private static V1.Outcome ToWire(Outcome outcome)
    {
        var wire = new V1.Outcome { Fitness = outcome.Fitness is { } fitness ? ToWire(fitness) : null };
        if (outcome.Invalid is { } reason)
        {
            wire.Invalid = (int)reason;
        }

        return wire;
    }

    private static Outcome FromWire(V1.Outcome wire) => new(
        wire.Fitness is null ? null : FromWire(wire.Fitness), wire.HasInvalid ? WireEnum.Read<InvalidReason>(wire.Invalid) : null);

    private static V1.Member ToWire(SnapshotMember member) =>
        new() { Proxy = member.Proxy.ToString(), Fitness = ToWire(member.Fitness), Iteration = member.Iteration, Forms = member.Forms };

    private static SnapshotMember FromWire(V1.Member wire) =>
        new(ProxyText.ParseProxy(wire.Proxy), FromWire(wire.Fitness), wire.Iteration, wire.Forms);
}
