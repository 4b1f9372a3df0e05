namespace LPZero.Seed.Integrity;

/// <summary>Something in a database that is not as the program stored it.</summary>
/// <param name="Problem">What it is, in one line.</param>
/// <param name="Run">The run that it is about, if it is about one.</param>
/// <param name="Event">The sequence number of the event that it is about, if it is about one.</param>
/// <param name="Key">The content key of the terms, or the digest of the benchmark, that it is about.</param>
/// <param name="IsUnchecked">
/// Whether something could only not be looked at: for want of terms, which are a cache, or of the program whose rules a run has.
/// </param>
public sealed record StoreProblem(
    string Problem, string? Run = null, long? Event = null, string? Key = null, bool IsUnchecked = false)
{
    /// <summary>Where, and what.</summary>
    public override string ToString()
    {
        var places = new[]
        {
            Run is null ? null : $"run '{Run}'", Event is { } number ? FormattableString.Invariant($"event {number}") : null, Key,
        };
        return string.Join(", ", places.OfType<string>()) is { Length: > 0 } place ? $"{place}: {Problem}" : Problem;
    }
}

/// <summary>What a database holds, and what is wrong with it.</summary>
/// <param name="Runs">Runs looked at.</param>
/// <param name="Events">Events replayed.</param>
/// <param name="Benchmarks">Benchmarks looked at.</param>
/// <param name="TermBlocks">Blocks of terms looked at.</param>
/// <param name="WithoutChecksum">
/// Those of them that an earlier version stored without a checksum: of these the form alone is known to be right.
/// </param>
/// <param name="Problems">What is wrong; none where all is as it was stored.</param>
public sealed record StoreFindings(
    int Runs, long Events, int Benchmarks, long TermBlocks, long WithoutChecksum, IReadOnlyList<StoreProblem> Problems)
{
    /// <summary>The first problem that says that something is damaged; null where there is none.</summary>
    public StoreProblem? FindDamage() => Problems.FirstOrDefault(problem => !problem.IsUnchecked);
}
