using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>What is known once it was ensured.</summary>
/// <param name="NumericProfile">What it is computed with.</param>
/// <param name="Scores">What the proxies say of the networks, in the order of both.</param>
public sealed record EnsuredTerms(string NumericProfile, ImmutableArray<ImmutableArray<ProxyScore>> Scores);

/// <summary>
/// Makes terms and scores known for somebody outside the actor system: chooses a device profile where none is given, the first that a node
/// names, and lets a collector do the rest. Whatever stops it before the outcome is there fails that.
/// </summary>
public sealed class EnsureTermsActor : ReceiveActor, IWithTimers
{
    private readonly WantedTerms wanted;
    private readonly CollectorServices services;
    private readonly IProgress<TermProgress>? progress;
    private readonly ImmutableArray<string> proxies;
    private readonly ImmutableArray<ChainSet> along;
    private readonly TaskCompletionSource<EnsuredTerms> outcome;

    private string numericProfile = "";
    private Exception? failure;

    /// <summary>An actor for one question.</summary>
    /// <param name="wanted">The terms, and the networks.</param>
    /// <param name="proxies">Ids of the proxies whose scores are wanted.</param>
    /// <param name="along">What is to be computed along with scores.</param>
    /// <param name="services">What it works with.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="outcome">Receives what is known in the end.</param>
    public EnsureTermsActor(
        WantedTerms wanted, ImmutableArray<string> proxies, ImmutableArray<ChainSet> along, CollectorServices services,
        IProgress<TermProgress>? progress, TaskCompletionSource<EnsuredTerms> outcome)
    {
        this.proxies = proxies;
        this.along = along;
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
        failure?.GetBaseException().Message ?? "the node that collects them is shutting down: ask again, what is computed is kept"));

    private void ChoosingProfile()
    {
        var activity = TermProgress.Asking;
        Receive<Ask>(_ =>
        {
            // A device that is there has answered before it is asked again.
            progress?.Report(new TermProgress(Done: 0, All: 0, activity));
            activity = TermProgress.Waiting;
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
        if (wanted.Branches.IsEmpty && proxies.IsEmpty)
        {
            Finish([]);
            return;
        }

        Become(CollectingTerms);
        var networks = wanted.Networks;
        var set = new ProbedSet(
            networks, wanted.Probe, ArchitectureBatches.Of(networks, wanted.Probe),
            network => PrintableText.Shorten(networks[network].ToString()));
        var asker = new DeviceShare($"terms:{Guid.NewGuid():N}"); // the name of no run, as these hold no colon
        var collector = Context.Watch(Context.ActorOf(Props.Create(() => new TermCollectorActor(
            asker, profile, set, TermTable.WithoutValues(networks.Length), TermPlan.NeededOnce, services))));
        collector.Tell(new Collect(wanted.Branches, proxies) { Along = along });
    }

    private void CollectingTerms()
    {
        Receive<Collecting>(how => progress?.Report(new TermProgress(how.Done, how.All, how.Activity, how.Share)));
        Receive<Collected>(collected => Finish(collected.Scores));
        Receive<CollectingFailed>(failed => Fail(failed.Reason));
        Receive<OwnerFailed>(failed => Fail($"{failed.What}: {failed.Cause.GetBaseException().Message}"));
        Receive<Terminated>(_ => Context.Stop(Self));
        Receive<Ask>(_ => { }); // one was on its way
        Receive<DeviceDescription>(_ => { }); // of another node
    }

    private void Finish(ImmutableArray<ImmutableArray<ProxyScore>> scores)
    {
        outcome.TrySetResult(new EnsuredTerms(numericProfile, scores));
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
