using Akka.Actor;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Reporting;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;

namespace LPZero.Cluster.Tests.Coordination;

/// <summary>What a run's owner does after the search: it scores the held-out set and makes the report.</summary>
public sealed class ReportingTests : ClusterTestKit
{
    private const long Memory = 1L << 30;

    private static readonly CoordinatorSettings Patient = new()
    {
        RequestTimeout = TimeSpan.FromHours(1), RefusedDelay = TimeSpan.FromMilliseconds(20), Tick = TimeSpan.FromMilliseconds(20),
        EventsPerSnapshot = 10,
    };

    private readonly MemoryTermCache cache = new();
    private readonly MemoryRunDirectory runs = new(Synthetic.Record);

    [Fact]
    public async Task The_report_of_a_cluster_is_that_of_one_machine()
    {
        using var devices = new DeviceThreads(["cpu", "cpu"], Memory, () => new FusedEvaluator());
        var batches = Sys.ActorOf(Props.Create(() => new OneBatchEach(devices, cache)));
        var coordinator = Sys.ActorOf(Props.Create(() => new CoordinatorActor(
            Synthetic.Run, runs, cache, new RealNodes(batches, devices), Patient, TimeProvider.System)));
        AwaitAssert(() => Assert.NotNull(runs.Report), TimeSpan.FromSeconds(120));

        var local = await LocalReportAsync();
        Assert.NotEmpty(local.Proxies);
        Assert.NotEmpty(local.Convergence);
        Assert.Equal(Comparable(local), Comparable(ReportData.FromJson(runs.Report!)));
        Sys.Stop(coordinator);
    }

    [Fact]
    public void An_owner_that_stops_while_it_reports_finishes_the_report_after_its_restart()
    {
        AnswerUntilReporting(Coordinator(), out var whole);
        AnswerUntilReported(whole);
        var expected = WithoutUsage(ReportData.FromJson(runs.Report!));

        var again = new MemoryRunDirectory(Synthetic.Record with { Name = "again" });
        var stopped = Coordinator(again, "again");
        AnswerUntilReporting(stopped, out _, "again");
        Watch(stopped);
        stopped.Tell(Kill.Instance);
        FishForMessage(message => message is Terminated);
        Assert.Null(again.Report);

        AnswerUntilReported(Coordinator(again, "again"), "again");

        Assert.Equal(expected, WithoutUsage(ReportData.FromJson(again.Report!)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_report_that_is_put_off_is_made_when_the_run_is_resumed(bool pause)
    {
        AnswerUntilReporting(Coordinator(), out var coordinator);

        coordinator.Tell(pause ? new PauseRun(Synthetic.Run) : new StopRun(Synthetic.Run, "enough"));
        var put = (RunStatus)FishForMessage(message => message is RunStatus { IsReporting: false });
        Assert.Equal("finished", put.State);
        Assert.Contains("put off", put.Problem, StringComparison.Ordinal);
        AwaitAssert(() => Assert.Equal(put.Problem, runs.Run.Problem));
        Assert.Null(runs.Report);

        coordinator.Tell(new ResumeRun(Synthetic.Run));
        AnswerUntilReported(coordinator);

        Assert.NotNull(runs.Report);
        AwaitAssert(() => Assert.Null(runs.Run.Problem));
    }

    [Fact]
    public void A_held_out_network_that_nobody_can_compute_leaves_the_run_finished_with_the_reason()
    {
        AnswerUntilReporting(Coordinator(), out var coordinator, refuse: RefusalCause.Impossible);

        AwaitAssert(() => Assert.NotNull(runs.Run.Problem));
        coordinator.Tell(new DescribeRun(Synthetic.Run));
        var status = (RunStatus)FishForMessage(message => message is RunStatus { IsReporting: false });

        Assert.Equal("finished", status.State);
        Assert.EndsWith("poisoned", status.Problem, StringComparison.Ordinal);
        Assert.Null(runs.Report);
    }

    [Fact]
    public void A_run_that_is_stopped_before_it_found_anything_has_a_report_without_proxies()
    {
        var coordinator = Coordinator();
        ExpectMsg<BatchRequest>();
        coordinator.Tell(new StopRun(Synthetic.Run, "enough"));
        FishForMessage(message => message is RunStatus { State: "stopped" });
        AwaitAssert(() => Assert.NotNull(runs.Report));

        var report = ReportData.FromJson(runs.Report!);
        Assert.Empty(report.Proxies);
        Assert.NotEmpty(report.Baselines);
        Assert.Equal("enough", report.Ended);
    }

    private IActorRef Coordinator() => Coordinator(runs, Synthetic.Run);

    private IActorRef Coordinator(IRunDirectory directory, string name) => Sys.ActorOf(Props.Create(() => new CoordinatorActor(
        name, directory, cache, new FakeNodes(TestActor), Patient, TimeProvider.System)));

    /// <summary>Answers until a request of the held-out set has come, which is then refused or left without an answer.</summary>
    private void AnswerUntilReporting(IActorRef owner, out IActorRef coordinator, string name = Synthetic.Run, RefusalCause? refuse = null)
    {
        coordinator = owner;
        var search = new CoordinatedRun(Synthetic.Record).Sample.Search.Networks;
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            var request = ExpectMsg<object>() as BatchRequest;
            if (request is null)
            {
                continue;
            }

            if (search.Contains(request.Request.Target.Network))
            {
                LastSender.Tell(Synthetic.Answer(request.Request));
                continue;
            }

            Assert.Equal(name, request.Run);
            if (refuse is { } cause)
            {
                LastSender.Tell(new TermsRefused(request.Request.Id, request.Request.Attempt, cause, "poisoned"));
            }
            else
            {
                // As after the loss of a node, so that it comes once more to whoever goes on from here.
                LastSender.Tell(GpuNodesChanged.Instance);
            }

            return;
        }
    }

    private void AnswerUntilReported(IActorRef coordinator, string name = Synthetic.Run)
    {
        coordinator.Tell(new DescribeRun(name), TestActor);
        var guard = new LoopGuard();
        while (true)
        {
            guard.Check();
            switch (ExpectMsg<object>())
            {
                case BatchRequest request:
                    LastSender.Tell(Synthetic.Answer(request.Request));
                    break;
                case RunStatus { State: "finished", IsReporting: false, Problem: null }:
                    return;
                case RunStatus:
                    coordinator.Tell(new DescribeRun(name), TestActor);
                    break;
            }
        }
    }

    private static async Task<ReportData> LocalReportAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-report-").FullName;
        try
        {
            using var devices = new DeviceThreads(["cpu"], Memory, () => new FusedEvaluator());
            var (_, report) = await LocalRun.ToEndAsync(
                Path.Combine(folder, "runs.db"), new StartRequest("local", Synthetic.Configuration, Synthetic.Benchmark), devices);
            return ReportData.FromJson(report!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Without name, times and how to do the same again.</summary>
    private static string Comparable(ReportData report) => (report with
    {
        RunName = "",
        Seconds = 0,
        Origin = null,
        Best = report.Best is { } best ? best with { Predictor = best.Predictor with { Name = "" } } : null,
    }).ToJson();

    /// <summary>Also without the use of terms: an owner that is killed takes what it had not stored with it.</summary>
    private static string WithoutUsage(ReportData report) => Comparable(report with { TermCache = new TermCacheUse(Hits: 0, Misses: 0) });

    private sealed class RealNodes(IActorRef batches, DeviceThreads devices) : IGpuNodes
    {
        public void AskForDevices(IActorRef replyTo) => replyTo.Tell(devices.Describe());

        public IActorRef Batches(string numericProfile) => batches;

        public bool IsPresent(string numericProfile) => numericProfile == devices.NumericProfile;

        public void Watch(IActorRef watcher)
        {
            // Nodes neither come nor go.
        }
    }
}
