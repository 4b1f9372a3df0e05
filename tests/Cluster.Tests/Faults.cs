namespace LPZero.Cluster.Tests;

/// <summary>Failures that a test wants next, and those that have happened.</summary>
internal sealed class Faults
{
    private int wanted;
    private int happened;

    /// <summary>How many have happened.</summary>
    public int Happened => Volatile.Read(ref happened);

    /// <summary>Lets the next so many uses fail.</summary>
    public void Want(int count) => Volatile.Write(ref wanted, count);

    /// <summary>Fails if a failure is wanted.</summary>
    public void ThrowIfWanted()
    {
        if (Interlocked.Decrement(ref wanted) >= 0)
        {
            Interlocked.Increment(ref happened);
            throw new IOException("the database is away");
        }
    }
}
