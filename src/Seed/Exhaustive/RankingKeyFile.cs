using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LPZero.Coordinator.Exhaustive;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>
/// The keys of all rankings, 16 bytes each, in a file that only grows. What a killed process wrote beyond its last checkpoint is
/// cut off by the next.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class RankingKeyFile(string path)
{
    private const int KeyBytes = 16;

    /// <summary>Keys that are counted at a time, all threads together: 64 MB.</summary>
    private const int KeysAtATime = 2 << 20;

    /// <summary>Number of keys.</summary>
    public long Count => File.Exists(path) ? new FileInfo(path).Length / KeyBytes : 0;

    /// <summary>Keeps so many keys, those of the last checkpoint.</summary>
    /// <exception cref="StorageException">The file has fewer.</exception>
    public void Truncate(long keys)
    {
        if (Count < keys)
        {
            throw new StorageException(string.Create(CultureInfo.InvariantCulture,
                $"{path} holds {Count} of the {keys} rankings that the checkpoint beside it counts: put the file back, " +
                $"or delete the checkpoint to begin anew"));
        }

        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.SetLength(keys * KeyBytes);
    }

    /// <summary>Appends keys.</summary>
    public void Append(ReadOnlySpan<SignedRankingKey> keys)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write);
        file.Write(MemoryMarshal.AsBytes(keys));
    }

    /// <summary>
    /// How many different rankings the keys stand for. Reads the file as often as is needed to hold only a part of the different
    /// keys at a time.
    /// </summary>
    /// <param name="threads">Parts counted side by side.</param>
    public long CountDistinct(int threads)
    {
        var parts = threads * (int)((Count / KeysAtATime) + 1);
        var distinct = 0L;
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
            Interlocked.Add(ref distinct, CountDistinct(part, parts)));
        return distinct;
    }

    /// <summary>Deletes the file.</summary>
    public void Delete() => File.Delete(path);

    // Compiled to the best code at once: the loop is run once, over millions of keys.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long CountDistinct(int part, int parts)
    {
        var distinct = new DistinctRankings((int)(Count / parts));
        var buffer = new SignedRankingKey[64 * 1024];
        using var file = File.OpenRead(path);
        int read;
        while ((read = file.ReadAtLeast(MemoryMarshal.AsBytes(buffer.AsSpan()), buffer.Length * KeyBytes, throwOnEndOfStream: false)
            / KeyBytes) > 0)
        {
            foreach (var key in buffer.AsSpan(0, read))
            {
                if (key.Part(parts) == part)
                {
                    distinct.Add(key);
                }
            }
        }

        return distinct.Count;
    }
}
