using LPZero.Messages.Terms;

namespace LPZero.Seed.Wire;

/// <summary>Scores of proxies that people designed.</summary>
internal static class ScoreWire
{
    public static V1.ProxyScore ToWire(ProxyScore score)
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

    public static ProxyScore FromWire(V1.ProxyScore wire) =>
        new(wire.Proxy, wire.HasValue ? wire.Value : null, wire.Seconds, wire.HasReason ? wire.Reason : null);
}
