namespace LPZero.Coordinator.Actors;

/// <summary>A run belongs to this process until the lock is disposed. It ends with the process, however that ends.</summary>
public interface IRunLock : IAsyncDisposable
{
    /// <summary>
    /// Completes where the lock is lost before it is disposed, as when the connection that holds it breaks: another process may own
    /// the run now.
    /// </summary>
    Task Lost { get; }
}

/// <summary>Another process owns the run; the message names it where that is known.</summary>
/// <param name="run">The run's name.</param>
/// <param name="holder">The process and its machine; null where nothing is known of them.</param>
public sealed class RunOwnedException(string run, string? holder)
    : Exception($"run '{run}' is being worked on by {holder ?? "another process"}");
