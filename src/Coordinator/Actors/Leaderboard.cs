using LPZero.Coordinator.Run;
using LPZero.Messages.Control;

namespace LPZero.Coordinator.Actors;

/// <summary>The best proxies of a run as they are shown.</summary>
public static class Leaderboard
{
    /// <summary>Those of a state, best first.</summary>
    public static RunLeaderboard Of(RunStatus status, SearchState state) => new(
        status,
        [
            .. state.Leaders.Select((member, index) => new LeaderboardEntry(
                index + 1, member.Proxy.ToString(), member.Canonical.ToString(), member.Fitness, member.Iteration, member.Forms)),
        ],
        state.InvalidEvaluations, state.RuleHits);
}
