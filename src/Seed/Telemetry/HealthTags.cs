namespace LPZero.Seed.Telemetry;

/// <summary>Which question a health check helps to answer.</summary>
public static class HealthTags
{
    /// <summary>Should the process be left running?</summary>
    public const string Live = "live";

    /// <summary>Can it work at this moment?</summary>
    public const string Ready = "ready";

    /// <summary>Has it come up, so that the other two may be asked?</summary>
    public const string Startup = "startup";
}
