using System.CommandLine;
using LPZero.Seed.Telemetry;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary><c>--log-format</c>, of the commands that log for as long as they last.</summary>
internal sealed class LogFormatOption
{
    /// <summary>The option.</summary>
    public Option<string> Option { get; } = CommonOptions.OneOf("--log-format", "how log lines look", ["text", "json"], "text");

    /// <summary>What was asked for.</summary>
    public LogFormat Read(ParseResult parsed) => Enum.Parse<LogFormat>(parsed.GetValue(Option)!, ignoreCase: true);
}
