namespace LPZero.GpuNode.Proxies;

/// <summary>
/// A proxy that people designed: one number of an untrained network, higher is better. A new one is a class that implements this and a line
/// in <see cref="DesignedProxies"/>.
/// </summary>
public interface IDesignedProxy
{
    /// <summary>Its name on the command line and in tables, in kebab case: <c>snip</c>.</summary>
    string Id { get; }

    /// <summary>What it measures, in one line.</summary>
    string Measures { get; }

    /// <summary>Who published it and where, and whose code it follows.</summary>
    string Source { get; }

    /// <summary>
    /// What it looks at. Nothing else is computed for it, and where the network does not show all of it, the proxy is not defined there
    /// and not asked.
    /// </summary>
    ProxyNeeds Needs { get; }

    /// <summary>Whether it looks at the network, at its weights or at what a pass shows, and not at its description alone.</summary>
    bool NeedsNetwork => Needs != ProxyNeeds.Description;

    /// <summary>
    /// Its value on a network. What it makes is released by the caller. What the evidence holds is shared: it is only read.
    /// </summary>
    /// <param name="evidence">What the network shows, at least all that it needs; passes run when they are first asked for.</param>
    ProxyValue Score(NetworkEvidence evidence);
}

/// <summary>A proxy's value, or why there is none.</summary>
/// <param name="Number">The value; null where there is none.</param>
/// <param name="Reason">Why there is none, in one line; null where there is one.</param>
public readonly record struct ProxyValue(double? Number, string? Reason)
{
    /// <summary>That the proxy is not defined on the network.</summary>
    /// <param name="reason">Why, in one line, such as <c>no layer has attention probabilities</c>.</param>
    public static ProxyValue Undefined(string reason) => new(Number: null, reason);

    /// <summary>A value.</summary>
    public static implicit operator ProxyValue(double number) => FromDouble(number);

    /// <summary>A value, if it is finite.</summary>
    public static ProxyValue FromDouble(double number) =>
        double.IsFinite(number) ? new ProxyValue(number, Reason: null) : Undefined("its value is not finite");
}
