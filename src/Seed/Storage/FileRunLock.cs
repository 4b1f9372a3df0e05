using LPZero.Coordinator.Actors;

namespace LPZero.Seed.Storage;

/// <summary>
/// A run's lock on a file in a folder beside the database's. The kernel frees it when the process ends, so that a killed run can
/// be resumed at once, by a container of another host name too. The file stays: who removes it while another opens it lets two in.
/// </summary>
internal sealed class FileRunLock : IRunLock
{
    /// <summary>How a lock's file ends, behind the run's name.</summary>
    public const string Ending = ".lock";

    // Whoever looks whether a run is owned holds its lock for a moment.
    private const int Tries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream file;
    private readonly string holderPath;

    private FileRunLock(FileStream file, string holderPath)
    {
        this.file = file;
        this.holderPath = holderPath;
    }

    /// <inheritdoc/>
    public Task Lost { get; } = new TaskCompletionSource().Task;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">Where the locks of the database are.</param>
    /// <param name="run">The run's name.</param>
    /// <exception cref="RunOwnedException">It is taken.</exception>
    public static async Task<FileRunLock> AcquireAsync(string folder, string run)
    {
        Directory.CreateDirectory(folder);
        var holder = HolderPath(folder, run);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var locked = new FileStream(LockPath(folder, run), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await File.WriteAllTextAsync(holder, RunHolder.Self);
                return new FileRunLock(locked, holder);
            }
            catch (IOException taken) when (Held.Contains(taken.HResult))
            {
                if (attempt == Tries)
                {
                    throw new RunOwnedException(run, File.Exists(holder) ? await File.ReadAllTextAsync(holder) : null);
                }

                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>Whether a process owns the run. Nothing is written.</summary>
    /// <param name="folder">Where the locks of the database are.</param>
    /// <param name="run">The run's name.</param>
    public static bool IsHeld(string folder, string run)
    {
        try
        {
            using var unlocked = new FileStream(LockPath(folder, run), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException taken) when (Held.Contains(taken.HResult))
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        File.Delete(holderPath);
        return file.DisposeAsync();
    }

    private static string LockPath(string folder, string run) => Path.Combine(folder, run + Ending);

    private static string HolderPath(string folder, string run) => Path.Combine(folder, run + ".owner");
}
