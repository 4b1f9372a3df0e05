namespace LPZero.GpuNode.Actors;

/// <summary>
/// Bytes that the known terms of all batches of a node may hold. They are in the term cache too, so a batch that finds the
/// budget exceeded after an answer forgets what it has not used for longest.
/// </summary>
/// <param name="bytes">The budget.</param>
public sealed class KnownTermsBudget(long bytes)
{
    private long held;

    /// <summary>Bytes that the batches hold now.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Whether they hold more than they may.</summary>
    public bool IsExceeded => Held > bytes;

    /// <summary>Counts what a batch has taken in, or with a negative number what it has released.</summary>
    public void Count(long more) => Interlocked.Add(ref held, more);
}
