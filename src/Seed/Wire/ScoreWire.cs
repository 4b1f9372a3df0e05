using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Wire;

/// <summary>Requests for scores and their answers.</summary>
internal static class ScoreWire
{
    public static V1.ScoreRequest ToWire(ScoreRequest message) => new()
    {
        Batch = message.Batch,
        NumericProfile = message.NumericProfile,
        Id = message.Id,
        Target = TermWire.ToWire(message.Target),
        Proxies = { message.Proxies },
    };

    public static ScoreRequest FromWire(V1.ScoreRequest wire) =>
        new(wire.Batch, wire.NumericProfile, wire.Id, TermWire.FromWire(wire.Target), [.. wire.Proxies]);

    public static V1.ScoreReply ToWire(ScoreReply message) => new() { Id = message.Id, Scores = { message.Scores.Select(ToWire) } };

    public static ScoreReply FromWire(V1.ScoreReply wire) => new(wire.Id, [.. wire.Scores.Select(score => new ProxyScore(
        score.Proxy, score.HasValue ? score.Value : null, score.Seconds, score.HasReason ? score.Reason : null))]);

    private static V1.ProxyScore ToWire(ProxyScore score)
    {
        var wire = new V1.ProxyScore { Proxy = score.Proxy, Seconds = score.Seconds };
        if (score.Value is { } value)
        {
            wire.Value = value;
        }

        if (score.Reason is { } reason)
        {
            wire.Reason = reason;
        }

        return wire;
    }
}
