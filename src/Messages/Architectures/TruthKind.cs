namespace LPZero.Messages.Architectures;

/// <summary>How the truth of an architecture is made.</summary>
public enum TruthKind
{
    /// <summary>As the benchmark gives it: of tasks, their mean or one of them.</summary>
    Given,

    /// <summary>The mean of the tasks' z-scores, each weighted by its reliability.</summary>
    Reliability,
}
