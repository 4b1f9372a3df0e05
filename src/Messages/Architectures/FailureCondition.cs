using System.Globalization;

namespace LPZero.Messages.Architectures;

/// <summary>A score of a task by which a training has failed. One of the two limits is given.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Below">It has failed with a lower score than this.</param>
/// <param name="Equal">It has failed with exactly this score.</param>
public sealed record FailureCondition(string Task, double? Below = null, double? Equal = null)
{
    /// <summary>Whether a training with this score of the task has failed.</summary>
    public bool IsMet(double score) => score < Below || score == Equal;

    /// <summary>Why the condition cannot be used, in one line, or null where it can.</summary>
    public string? FindProblem() =>
        (Below is null) == (Equal is null) ? $"the failure rule of '{Task}' has to give one of below and equal"
        : double.IsFinite(Below ?? Equal ?? 0) ? null
        : $"the failure rule of '{Task}' gives no finite number";

    /// <summary>As a reader sees it, such as <c>sts below 60</c>.</summary>
    public override string ToString() => Below is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{Task} below {limit}")
        : string.Create(CultureInfo.InvariantCulture, $"{Task} = {Equal}");
}
