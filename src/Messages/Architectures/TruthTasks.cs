using System.Collections.Immutable;
using System.Globalization;

namespace LPZero.Messages.Architectures;

/// <summary>The tasks that a benchmark's truth is made of. Each architecture has a score of each, higher is better.</summary>
/// <param name="Names">The tasks, in the order of an architecture's scores.</param>
public sealed record TruthTasks(ImmutableArray<string> Names)
{
    /// <summary>By which scores a training has failed: one that meets any of them has.</summary>
    public ImmutableArray<FailureCondition> Failed { get; init; } = [];

    /// <summary>
    /// The reliability of tasks, from 0 to below 1, by which they are weighted where rankings are judged: r weighs r / (1 - r). A task
    /// without one is left out. Empty where the truth cannot be weighted.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Reliability { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Whether the training of an architecture of this benchmark has failed.</summary>
    public bool HasFailed(Architecture architecture) =>
        Failed.Any(condition => condition.IsMet(architecture.Tasks[Names.IndexOf(condition.Task)]));

    /// <summary>Why the tasks cannot be used, in one line, or null where they can.</summary>
    public string? FindProblem()
    {
        if (Names.IsDefaultOrEmpty || Names.Any(name => PrintableText.FindProblemOfName(name) is not null))
        {
            return "the names of the tasks are missing, or one cannot be printed";
        }

        if (Names.Distinct(StringComparer.Ordinal).Count() < Names.Length)
        {
            return "two tasks have one name; give each its own";
        }

        if (Failed.IsDefault || Reliability is null)
        {
            return "the failure rule or the reliability of the tasks is missing";
        }

        foreach (var condition in Failed)
        {
            if ((FindUnknown("failure rule", condition.Task) ?? condition.FindProblem()) is { } problem)
            {
                return problem;
            }
        }

        if (!Reliability.IsEmpty && Reliability.Values.All(reliability => reliability == 0))
        {
            return "the reliability of every task is 0, which weighs nothing; give one above 0, or leave the reliability out";
        }

        return Reliability
            .Select(task => FindUnknown("reliability", task.Key) ?? (task.Value is >= 0 and < 1 ? null : string.Create(
                CultureInfo.InvariantCulture, $"the reliability of '{task.Key}' is {task.Value}; give a number from 0 to below 1")))
            .FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Why an architecture's scores do not fit the tasks, in one line, or null where they do.</summary>
    public string? FindMisfit(Architecture architecture)
    {
        var count = architecture.Tasks.IsDefault ? 0 : architecture.Tasks.Length;
        return count != Names.Length
            ? string.Create(CultureInfo.InvariantCulture, $"it has {count} scores for {Names.Length} tasks; give one for each")
            : Names.Where((_, i) => !double.IsFinite(architecture.Tasks[i])).Select(name => $"its score of '{name}' is not finite")
                .FirstOrDefault();
    }

    /// <summary>
    /// Why the scores cannot be weighted by reliability, in one line, or null where they can be, or need not.
    /// </summary>
    /// <param name="architectures">The benchmark's, with scores that fit.</param>
    public string? FindProblemOfWeights(IEnumerable<Architecture> architectures)
    {
        var successful = architectures.Where(architecture => !HasFailed(architecture)).ToList();
        return Reliability.IsEmpty || Names.Index().Any(task => Reliability.GetValueOrDefault(task.Item) > 0
            && successful.Exists(architecture => architecture.Tasks[task.Index] != successful[0].Tasks[task.Index]))
            ? null
            : "no task with a reliability above 0 has two different scores among the trainings that have not failed; leave the " +
                "reliability out, or check scores and failure rule";
    }

    private string? FindUnknown(string what, string? task) => task is not null && Names.Contains(task, StringComparer.Ordinal)
        ? null
        : $"the {what} names the task '{task}', which the benchmark has not; {NearestNames.Suggest(task ?? "", Names)}";
}
