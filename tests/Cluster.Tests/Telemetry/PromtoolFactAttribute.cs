namespace LPZero.Cluster.Tests.Telemetry;

/// <summary>A test that needs Prometheus' own checker of its files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "promtool"))))
        {
            Skip = "promtool is not installed (Debian's package prometheus)";
        }
    }
}
