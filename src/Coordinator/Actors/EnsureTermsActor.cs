using Akka.Actor;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// Makes terms known for somebody outside the actor system: chooses a device profile where none is given, the first that a node names,
/// and lets a collector do the rest. Whatever stops it before the outcome is there fails that.
/// </summary>
public sealed class EnsureTermsActor : ReceiveActor, IWithTimers
{
    private readonly WantedTerms wanted;
    private readonly CollectorServices services;
    private readonly IProgress<TermProgress>? progress;
    private readonly TaskCompletionSource<string> outcome;

    private string numericProfile = "";
    private Exception? failure;

    /// <summary>An actor for one question.</summary>
    /// <param name="wanted">The terms.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="outcome">Receives the numeric profile once the terms are known.</param>
    public EnsureTermsActor(
        WantedTerms wanted, CollectorServices services, IProgress<TermProgress>? progress, TaskCompletionSource<string> outcome)
    {
        this.wanted = wanted;
        this.services = services;
        this.progress = progress;
        this.outcome = outcome;
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (wanted.NumericProfile is { } profile)
        {
            Collect(profile);
        }
        else
        {
            Become(ChoosingProfile);
            Timers.StartPeriodicTimer(nameof(Ask), Ask.Instance, TimeSpan.Zero, services.Settings.Tick);
        }
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        failure = cause;
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void PostStop() => outcome.TrySetException(new SearchServiceException(
        failure?.GetBaseException().Message ?? "the node that collects the terms is shutting down: ask again, what is computed is kept"));

    private void ChoosingProfile()
    {
        Receive<Ask>(_ =>
        {
            progress?.Report(new TermProgress(Done: 0, All: 0, "waiting for a GPU node"));
            services.Nodes.AskForDevices(Self);
        });
        Receive<DeviceDescription>(device =>
        {
            Timers.Cancel(nameof(Ask));
            Collect(device.NumericProfile);
        });
    }

    private void Collect(string profile)
    {
        numericProfile = profile;
        if (wanted.Branches.IsEmpty)
        {
            Finish();
            return;
        }

        Become(CollectingTerms);
        var networks = wanted.Networks;
        var set = new ProbedSet(
            networks, wanted.Probe, ArchitectureBatches.Of(networks, wanted.Probe), network => networks[network].ToString());
        var asker = $"terms:{Guid.NewGuid():N}"; // the name of no run, as these hold no colon
        var collector = Context.Watch(Context.ActorOf(Props.Create(() => new TermCollectorActor(
            asker, profile, set, TermTable.WithoutValues(networks.Length), TermPlan.NeededOnce, services))));
        collector.Tell(new Collect(wanted.Branches));
    }

    private void CollectingTerms()
    {
        Receive<Collecting>(how => progress?.Report(new TermProgress(how.Done, how.All, how.Activity)));
        Receive<Collected>(_ => Finish());
        Receive<CollectingFailed>(failed => Fail(failed.Reason));
        Receive<OwnerFailed>(failed => Fail($"{failed.What}: {failed.Cause.GetBaseException().Message}"));
        Receive<Terminated>(_ => Context.Stop(Self));
        Receive<Ask>(_ => { }); // one was on its way
        Receive<DeviceDescription>(_ => { }); // of another node
    }

    private void Finish()
    {
        outcome.TrySetResult(numericProfile);
        Context.Stop(Self);
    }

    private void Fail(string reason)
    {
        outcome.TrySetException(new SearchServiceException(reason));
        Context.Stop(Self);
    }

    private sealed record Ask
    {
        public static readonly Ask Instance = new();
    }
}
