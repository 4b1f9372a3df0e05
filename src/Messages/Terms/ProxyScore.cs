namespace LPZero.Messages.Terms;

/// <summary>What a proxy that people designed says of one network.</summary>
/// <param name="Proxy">The proxy's id, such as <c>snip</c>.</param>
/// <param name="Value">Its value, finite; null where it is not defined on the network.</param>
/// <param name="Seconds">What it took: the passes that it needs, whoever else needed them, and its own computation.</param>
/// <param name="Reason">Why it is not defined, in one line; null where it is.</param>
public sealed record ProxyScore(string Proxy, double? Value, double Seconds, string? Reason = null);
