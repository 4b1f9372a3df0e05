namespace LPZero.Messages.Entities;

/// <summary>Who asks a device, and its weight among all who ask the same one; the order of computing is all that it changes.</summary>
/// <param name="Run">The run, or who asks in place of one.</param>
/// <param name="Priority">Its weight, <see cref="Least"/> to <see cref="Most"/>: of two runs that wait, one of 4 gets four times the
/// share of one of 1.</param>
public sealed record DeviceShare(string Run, int Priority = DeviceShare.Standard)
{
    /// <summary>The least weight.</summary>
    public const int Least = 1;

    /// <summary>The weight of a run that was started without one.</summary>
    public const int Standard = 1;

    /// <summary>The greatest weight.</summary>
    public const int Most = 100;

    /// <summary>Why a priority cannot be meant, in words, or null where it can.</summary>
    public static string? FindProblem(int priority) => priority is >= Least and <= Most
        ? null
        : FormattableString.Invariant($"{priority} is out of range: give {Least} to {Most}");
}
