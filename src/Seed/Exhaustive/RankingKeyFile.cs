using System.Globalization;
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

    /// <summary>Keys that are counted at a time: 64 MB.</summary>
    private const int KeysAtATime = 4 << 20;

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
    public long CountDistinct()
    {
        var parts = (int)((Count / KeysAtATime) + 1);
        var distinct = 0L;
        var buffer = new SignedRankingKey[64 * 1024];
        for (var part = 0; part < parts; part++)
        {
            var keys = new List<SignedRankingKey>((int)(Count / parts * 5 / 4));
            using var file = File.OpenRead(path);
            int read;
            while ((read = file.ReadAtLeast(MemoryMarshal.AsBytes(buffer.AsSpan()), buffer.Length * KeyBytes, throwOnEndOfStream: false)
                / KeyBytes) > 0)
            {
                foreach (var key in buffer.AsSpan(0, read))
                {
                    if (key.Part(parts) == part)
                    {
                        keys.Add(key);
                    }
                }
            }

            distinct += SignedRankingKey.CountDistinct(CollectionsMarshal.AsSpan(keys));
        }

        return distinct;
    }

    /// <summary>Deletes the file.</summary>
    public void Delete() => File.Delete(path);
}
