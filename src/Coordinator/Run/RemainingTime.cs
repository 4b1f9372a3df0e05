using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>One kind of a run's work.</summary>
/// <param name="Done">How much of it was done.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Left">How much is left.</param>
public readonly record struct WorkPace(double Done, double Seconds, double Left)
{
    /// <summary>Seconds that a piece takes; null where none was done.</summary>
    public double? SecondsEach => Done > 0 ? Seconds / Done : null;

    /// <summary>The pace after more was done.</summary>
    public WorkPace After(double done, double seconds, double left) => new(Done + done, Seconds + seconds, left);
}

/// <summary>How long a run still takes: every kind of its work at the pace that this kind had so far. Immutable.</summary>
/// <param name="SearchTerms">
/// Networks of the search set whose terms are asked for before anything is scored, each counted as what it takes of the average one.
/// </param>
/// <param name="Evaluations">Proxies to score, with the terms that later rounds ask for.</param>
/// <param name="HeldOutTerms">Networks of the held-out set, counted alike.</param>
public sealed record RemainingTime(WorkPace SearchTerms, WorkPace Evaluations, WorkPace HeldOutTerms)
{
    /// <summary>The time left; null while nothing was done yet.</summary>
    /// <remarks>
    /// Until one is known, a held-out network is taken to need as long as one of the search set. What no time was spent on
    /// counts nothing: scoring is short where terms are known, and held-out terms are where the cache knew those of the search set.
    /// </remarks>
    public TimeSpan? Left => SearchTerms.Done + Evaluations.Done + HeldOutTerms.Done == 0
        ? null
        : TimeSpan.FromSeconds(
            (SearchTerms.Left * (SearchTerms.SecondsEach ?? 0))
            + (Evaluations.Left * (Evaluations.SecondsEach ?? 0))
            + (HeldOutTerms.Left * (HeldOutTerms.SecondsEach ?? SearchTerms.SecondsEach ?? 0)));

    /// <summary>How many proxies the search scores at most from a state on; targets and plateaus may end it earlier.</summary>
    public static double EvaluationsLeft(SearchConfiguration configuration, SearchState state)
    {
        var byIterations = ((configuration.Iterations - state.Iteration) * (double)configuration.OffspringPerIteration)
            + (state.IsPopulated ? 0 : configuration.Population - state.Population.Length);
        var byEvaluations = (double)(configuration.Evaluations ?? int.MaxValue) - state.Evaluations;
        return Math.Max(0, Math.Min(byIterations, byEvaluations));
    }
}
