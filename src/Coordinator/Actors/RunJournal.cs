namespace LPZero.Coordinator.Actors;

/// <summary>How runs are named in the journal.</summary>
public static class RunJournal
{
    /// <summary>Under which id a run's events and snapshots are stored.</summary>
    public static string IdOf(string run) => "run-" + run;
}
