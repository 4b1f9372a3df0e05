using System.Collections.Immutable;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>The tasks of a benchmark in our own format, which docs/benchmarks.md describes.</summary>
internal static class BenchmarkTasks
{
    /// <summary>The member's name, of the benchmark and of an architecture.</summary>
    public const string Member = "tasks";

    /// <summary>The tasks that the file declares; whether they fit each other is asked of the benchmark.</summary>
    public static TruthTasks Read(JsonField tasks) => new([.. tasks.Array("names").Select(name => name.AsText())])
    {
        Failed = tasks.Optional("failed") is { } failed ? [.. failed.Items().Select(ReadFailure)] : [],
        Reliability = tasks.Optional("reliability") is { } reliability
            ? reliability.ObjectMembers().ToImmutableSortedDictionary(
                member => member.Name, member => member.Value.AsNumberOrNot(), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, double>.Empty,
    };

    /// <summary>An architecture's scores of the tasks; not there where the file has none.</summary>
    public static ImmutableArray<double> ReadScores(JsonField architecture) =>
        architecture.Optional(Member) is null ? default : [.. architecture.Array(Member).Select(BenchmarkReading.Truth)];

    /// <summary>What is written of them; what is empty is left out.</summary>
    public static Dictionary<string, object> ToJson(TruthTasks tasks)
    {
        var members = new Dictionary<string, object> { ["names"] = tasks.Names };
        if (!tasks.Failed.IsEmpty)
        {
            members["failed"] = tasks.Failed.Select(condition => condition.Below is { } below
                ? new { task = condition.Task, below }
                : (object)new { task = condition.Task, equal = condition.Equal });
        }

        if (!tasks.Reliability.IsEmpty)
        {
            members["reliability"] = tasks.Reliability;
        }

        return members;
    }

    private static FailureCondition ReadFailure(JsonField condition) => new(
        condition.Text("task"),
        condition.Optional("below") is null ? null : condition.Number("below"),
        condition.Optional("equal") is null ? null : condition.Number("equal"));
}
