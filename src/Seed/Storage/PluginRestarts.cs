using System.Collections.Concurrent;
using Akka.Actor;

namespace LPZero.Seed.Storage;

/// <summary>
/// The failed starts of a persistence plugin. Akka.NET starts such an actor again at once and without end: a journal that
/// cannot work would write gigabytes of log. Kept outside the actor, as each start makes a new one.
/// </summary>
internal sealed class PluginRestarts
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Whoever has worked so long since has been well in between.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private int failures;
    private DateTimeOffset failed;

    /// <summary>How long to wait before the next start; null for a first one.</summary>
    public TimeSpan? Wait => failures == 0
        ? null
        : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), Longest.TotalSeconds));

    /// <summary>The restarts of a plugin in an actor system.</summary>
    public static PluginRestarts Get(ActorSystem system, string plugin) =>
        system.WithExtension<Plugins, Provider>().Restarts.GetOrAdd(plugin, _ => new PluginRestarts());

    /// <summary>Counts a failure, and gives the node up where it says that the plugin can never work.</summary>
    public void Note(ActorSystem system, string what, Exception cause)
    {
        var now = system.Scheduler.Now;
        failures = now - failed > Forgotten ? 1 : failures + 1;
        failed = now;
        NodeHealth.Get(system).Note(what, cause);
    }

    /// <summary>Starts the plugin at once, or after the wait; what it is told meanwhile is stashed.</summary>
    /// <param name="start">Starts it.</param>
    /// <param name="timers">The plugin's timers.</param>
    /// <param name="stash">The plugin's stash, which it gives back once it has started.</param>
    /// <param name="become">Gives the plugin a behaviour above its own.</param>
    /// <param name="unbecome">Takes it away.</param>
    public void Start(Action start, ITimerScheduler timers, IStash stash, Action<Receive> become, Action unbecome)
    {
        if (Wait is not { } wait)
        {
            start();
            return;
        }

        become(message =>
        {
            if (message is Begin)
            {
                unbecome();
                start();
            }
            else
            {
                stash.Stash();
            }

            return true;
        });
        timers.StartSingleTimer(nameof(Begin), Begin.Instance, wait);
    }

    /// <summary>The wait is over.</summary>
    private sealed record Begin
    {
        public static readonly Begin Instance = new();
    }

    private sealed class Plugins : IExtension
    {
        public ConcurrentDictionary<string, PluginRestarts> Restarts { get; } = new();
    }

    private sealed class Provider : ExtensionIdProvider<Plugins>
    {
        public override Plugins CreateExtension(ExtendedActorSystem system) => new();
    }
}
