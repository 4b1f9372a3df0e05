using System.Collections.Immutable;
using Akka.Actor;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Actors;

/// <summary>
/// Has networks scored for somebody outside the actor system: chooses a device profile where none is given, asks the batches, and asks
/// again where no answer comes. Whatever stops it before the outcome is there fails that.
/// </summary>
public sealed class ScoreCollectorActor : ReceiveActor, IWithTimers
{
    private const string Computing = "computing scores";

    private readonly WantedScores wanted;
    private readonly IGpuNodes nodes;
    private readonly CoordinatorSettings settings;
    private readonly TimeProvider clock;
    private readonly IProgress<TermProgress>? progress;
    private readonly TaskCompletionSource<ImmutableArray<ImmutableArray<ProxyScore>>> outcome;

    // An answer to another question has another id.
    private readonly long firstId = Random.Shared.NextInt64(long.MaxValue / 2);
    private readonly ImmutableArray<ProxyScore>[] scores;
    private readonly DateTimeOffset[] due;
    private readonly TimeSpan[] waits;
    private readonly int[] failures;
    private ImmutableArray<string> batches;
    private string numericProfile = "";
    private int done;

    /// <summary>An actor for one question.</summary>
    /// <param name="wanted">The scores.</param>
    /// <param name="nodes">What computes them.</param>
    /// <param name="settings">Times and bounds.</param>
    /// <param name="clock">The time.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="outcome">Receives the scores, network after network.</param>
    public ScoreCollectorActor(
        WantedScores wanted, IGpuNodes nodes, CoordinatorSettings settings, TimeProvider clock, IProgress<TermProgress>? progress,
        TaskCompletionSource<ImmutableArray<ImmutableArray<ProxyScore>>> outcome)
    {
        this.wanted = wanted;
        this.nodes = nodes;
        this.settings = settings;
        this.clock = clock;
        this.progress = progress;
        this.outcome = outcome;
        scores = new ImmutableArray<ProxyScore>[wanted.Networks.Length];
        due = new DateTimeOffset[scores.Length];
        waits = [.. scores.Select(_ => settings.RequestTimeout)];
        failures = new int[scores.Length];
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        nodes.Watch(Self);
        if (wanted.NumericProfile is { } profile)
        {
            Begin(profile);
        }
        else
        {
            Become(ChoosingProfile);
        }

        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.Zero, settings.Tick);
    }

    /// <inheritdoc/>
    protected override void PostStop() => outcome.TrySetException(
        new SearchServiceException("the node that collects the scores is shutting down: ask again, what is computed is kept"));

    private void ChoosingProfile()
    {
        Receive<Tick>(_ =>
        {
            progress?.Report(new TermProgress(Done: 0, All: 0, "waiting for a GPU node"));
            nodes.AskForDevices(Self);
        });
        Receive<DeviceDescription>(device =>
        {
            Begin(device.NumericProfile);
            Send();
        });
        Receive<GpuNodesChanged>(_ => { });
    }

    private void Begin(string profile)
    {
        numericProfile = profile;
        var keys = ArchitectureBatches.Of(wanted.Networks, wanted.Probe);
        batches = [.. wanted.Networks.Select(keys.KeyOf)];
        Become(Collecting);
    }

    private void Collecting()
    {
        Receive<Tick>(_ => Send());
        Receive<GpuNodesChanged>(_ =>
        {
            Array.Fill(due, DateTimeOffset.MinValue);
            Array.Fill(waits, settings.RequestTimeout);
            Send();
        });
        Receive<ScoreReply>(reply => IsAwaited(reply.Id), reply => Take((int)(reply.Id - firstId), reply.Scores));
        Receive<TermsRefused>(refused => IsAwaited(refused.Id), refused => Refuse((int)(refused.Id - firstId), refused));
        Receive<ScoreReply>(_ => { }); // late or repeated
        Receive<TermsRefused>(_ => { });
        Receive<DeviceDescription>(_ => { }); // of another node
    }

    private bool IsAwaited(long id) => id >= firstId && id < firstId + scores.Length && scores[id - firstId].IsDefault;

    private void Take(int network, ImmutableArray<ProxyScore> answer)
    {
        scores[network] = answer;
        done++;
        Report();
        if (done == scores.Length)
        {
            outcome.TrySetResult([.. scores]);
            Context.Stop(Self);
        }
    }

    private void Refuse(int network, TermsRefused refused)
    {
        failures[network] += refused.Cause == RefusalCause.Failed ? 1 : 0;
        if (refused.Cause == RefusalCause.Impossible || failures[network] >= settings.Tries)
        {
            outcome.TrySetException(new SearchServiceException($"{wanted.Networks[network]}: {refused.Reason}"));
            Context.Stop(Self);
            return;
        }

        due[network] = clock.GetUtcNow() + settings.RefusedDelay;
    }

    /// <summary>Asks for what is missing and was not asked for lately. A batch that is at it already notes who asked last.</summary>
    private void Send()
    {
        var now = clock.GetUtcNow();
        Report();
        for (var network = 0; network < scores.Length; network++)
        {
            if (scores[network].IsDefault && due[network] <= now)
            {
                due[network] = now + waits[network];
                waits[network] = waits[network] < settings.RequestTimeout * settings.LongestWait ? 2 * waits[network] : waits[network];
                nodes.Batches(numericProfile).Tell(new ScoreRequest(
                    batches[network], numericProfile, firstId + network, new ProbedNetwork(wanted.Networks[network], wanted.Probe),
                    wanted.Proxies));
            }
        }
    }

    private void Report() => progress?.Report(new TermProgress(
        done, scores.Length,
        done == scores.Length || nodes.IsPresent(numericProfile) ? Computing : $"waiting for a GPU node with {numericProfile}"));

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
