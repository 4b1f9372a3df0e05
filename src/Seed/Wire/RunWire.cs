using System.Collections.Immutable;
using LPZero.Messages.Control;

namespace LPZero.Seed.Wire;

/// <summary>Where runs stand.</summary>
internal static class RunWire
{
    public static V1.RunStatus ToWire(RunStatus message)
    {
        var wire = new V1.RunStatus
        {
            Name = message.Name,
            State = message.State,
            Iteration = message.Iteration,
            Iterations = message.Iterations,
            Evaluations = message.Evaluations,
            RequestsDone = message.RequestsDone,
            RequestsAll = message.RequestsAll,
            Activity = message.Activity,
            IsReporting = message.IsReporting,
            Seconds = message.Seconds,
            Priority = message.Priority,
        };
        if (message.Progress is { } progress)
        {
            wire.Progress = new V1.RunProgress
            {
                EvaluationsLeft = progress.EvaluationsLeft,
                Refused = progress.Refused,
                TermHits = progress.TermHits,
                TermMisses = progress.TermMisses,
                SearchNetworks = progress.SearchNetworks,
                HeldOutNetworks = progress.HeldOutNetworks,
            };
            if (progress.RoundShare is { } share)
            {
                wire.Progress.RoundShare = share;
            }
        }

        if (message.BestRho is { } rho)
        {
            wire.BestRho = rho;
        }

        if (message.BestExpression is { } expression)
        {
            wire.BestExpression = expression;
        }

        if (message.NumericProfile is { } profile)
        {
            wire.NumericProfile = profile;
        }

        if (message.Problem is { } problem)
        {
            wire.Problem = problem;
        }

        if (message.Ended is { } reason)
        {
            wire.Ended = reason;
        }

        return wire;
    }

    public static RunStatus FromWire(V1.RunStatus wire) => new(
        wire.Name, wire.State, wire.Iteration, wire.Iterations, wire.Evaluations,
        wire.HasBestRho ? wire.BestRho : null, wire.HasBestExpression ? wire.BestExpression : null,
        wire.HasNumericProfile ? wire.NumericProfile : null, wire.RequestsDone, wire.RequestsAll, wire.Activity,
        wire.HasProblem ? wire.Problem : null, wire.HasEnded ? wire.Ended : null, wire.IsReporting, wire.Seconds, FromWire(wire.Progress),
        TermWire.PriorityOf(wire.Priority));

    private static RunProgress? FromWire(V1.RunProgress? wire) => wire is null ? null : new(
        wire.EvaluationsLeft, wire.Refused, wire.TermHits, wire.TermMisses, wire.SearchNetworks, wire.HeldOutNetworks,
        wire.HasRoundShare ? wire.RoundShare : null);

    public static V1.RunLeaderboard ToWire(RunLeaderboard message) => new()
    {
        Status = ToWire(message.Status),
        Entries =
        {
            message.Entries.Select(entry => new V1.LeaderboardEntry
            {
                Rank = entry.Rank,
                Expression = entry.Expression,
                Canonical = entry.Canonical,
                Search = EventWire.ToWire(entry.Search),
                Iteration = entry.Iteration,
                Forms = entry.Forms,
            }),
        },
        InvalidEvaluations = message.InvalidEvaluations,
        PrunedByRule = { message.PrunedByRule.Select(rule => new V1.RuleCount { Rule = rule.Key, Count = rule.Value }) },
    };

    public static RunLeaderboard FromWire(V1.RunLeaderboard wire) => new(
        FromWire(wire.Status),
        [
            .. wire.Entries.Select(entry => new LeaderboardEntry(
                entry.Rank, entry.Expression, entry.Canonical, EventWire.FromWire(entry.Search), entry.Iteration, entry.Forms)),
        ],
        wire.InvalidEvaluations,
        wire.PrunedByRule.ToImmutableSortedDictionary(rule => rule.Rule, rule => rule.Count, StringComparer.Ordinal));
}
