using Akka.Actor;
using LPZero.GpuNode.Actors;
using LPZero.GpuNode.Devices;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Devices;

/// <summary>Requests whose computation ends the process, with the attempts of several processes in one database.</summary>
public sealed class PoisonedRequestTests : ClusterTestKit
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-poison-").FullName;
    private readonly MemoryTermCache cache = new();
    private readonly Database database;

    public PoisonedRequestTests()
    {
        IgnoreMessages(message => message is RequestTaken);
        database = new Database(Path.Combine(folder, "lpzero.db"));
        database.CreateTablesAsync().GetAwaiter().GetResult();
    }

    [Fact]
    public async Task A_request_that_has_ended_two_processes_of_one_machine_is_given_up_with_its_deaths_counted()
    {
        await DieAsync("one", "first");
        await DieAsync("one", "second");

        var devices = new FakeDevices();
        Batch(devices, "one", "third").Tell(Request(InputKind.A));

        var refused = ExpectMsg<TermsRefused>();
        Assert.Equal((RefusalCause.Impossible, 0), (refused.Cause, devices.ComputedRequests));
        Assert.Contains("ended each of 2 times (on one, one)", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_for_scores_that_has_ended_two_processes_is_given_up_and_terms_and_other_scores_are_not()
    {
        await DieAsync("one", "first", Scores("synflow"));
        await DieAsync("one", "second", Scores("synflow"));
        var devices = new FakeDevices();
        var batch = Batch(devices, "one", "third");

        batch.Tell(Scores("synflow"));

        var refused = ExpectMsg<TermsRefused>();
        Assert.Equal((RefusalCause.Impossible, 0), (refused.Cause, devices.ScoredNetworks));
        Assert.Contains("ended each of 2 times (on one, one)", refused.Reason, StringComparison.Ordinal);
        batch.Tell(Scores("snip"));
        Assert.Equal("snip", Assert.Single(ExpectMsg<TermReply>().Scores).Proxy);
        batch.Tell(Request(InputKind.A));
        Assert.Equal(InputKind.A, Assert.Single(ExpectMsg<TermReply>().Blocks).Input);
    }

    [Fact]
    public async Task A_request_that_has_ended_processes_on_three_machines_is_given_up_and_not_sooner()
    {
        await DieAsync("one", "first");
        await DieAsync("two", "second");
        await DieAsync("three", "third");

        Batch(new FakeDevices(), "four", "fourth").Tell(Request(InputKind.A));

        Assert.Contains("3 times (on one, three, two)", ExpectMsg<TermsRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_requests_of_the_network_are_computed()
    {
        await DieAsync("one", "first");
        await DieAsync("one", "second");
        Batch(new FakeDevices(), "one", "third").Tell(Request(InputKind.W));
        Assert.Equal(InputKind.W, ExpectMsg<TermReply>().Blocks.Single().Input);
    }

    [Fact]
    public async Task A_request_that_a_process_outlives_is_innocent_of_earlier_deaths()
    {
        await DieAsync("one", "first");
        var failing = new FakeDevices { Fault = _ => new InvalidOperationException("out of memory") };
        Batch(failing, "one", "second").Tell(Request(InputKind.A));
        Assert.Equal(RefusalCause.Failed, ExpectMsg<TermsRefused>().Cause);
        await DieAsync("one", "third");

        Batch(new FakeDevices(), "one", "fourth").Tell(Request(InputKind.A));

        ExpectMsg<TermReply>();
    }

    [Fact]
    public async Task A_request_that_waited_for_a_device_when_its_process_died_is_innocent()
    {
        await DieAsync("one", "first", waiting: 1);
        await DieAsync("one", "second", waiting: 1);

        Batch(new FakeDevices(), "one", "third").Tell(Request(InputKind.A, network: 1));

        ExpectMsg<TermReply>();
    }

    [Fact]
    public async Task Whoever_resumes_after_it_was_given_up_tries_anew()
    {
        await DieAsync("one", "first");
        await DieAsync("one", "second");
        var batch = Batch(new FakeDevices(), "one", "third");
        batch.Tell(Request(InputKind.A));
        ExpectMsg<TermsRefused>();

        batch.Tell(Request(InputKind.A));

        ExpectMsg<TermReply>();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// A process whose one device begins the request, while those of so many other networks wait, and that is never heard of again.
    /// </summary>
    private Task DieAsync(string machine, string process, int waiting = 0) =>
        DieAsync(machine, process, Request(InputKind.A), waiting);

    private async Task DieAsync(string machine, string process, BatchRequest request, int waiting = 0)
    {
        var devices = new FakeDevices(held: true, places: 1);
        var batch = Watch(Batch(devices, machine, process));
        batch.Tell(request);
        await devices.AskedAsync();
        await devices.BegunAsync();
        for (var network = 1; network <= waiting; network++)
        {
            batch.Tell(Request(InputKind.A, network));
            await devices.AskedAsync();
        }

        Sys.Stop(batch);
        ExpectTerminated(batch);
    }

    private IActorRef Batch(IDeviceSet devices, string machine, string process) => Sys.ActorOf(Props.Create(() => new GpuNodeActor(
        devices, cache, new SqlAttemptLog(database, machine, process), GpuNodeSettings.Default, new KnownTermsBudget(long.MaxValue),
        NodeHealth.Get(Sys))));

    private static BatchRequest Scores(string proxy) => new("batch", Synthetic.Run, Synthetic.Profile, new TermRequest(
        7, 1, Request(InputKind.A).Request.Target, [])
    { Proxies = [proxy] });

    private static BatchRequest Request(InputKind input, int network = 0) => new("batch", Synthetic.Run, Synthetic.Profile, new TermRequest(
        1 + network, 1,
        new ProbedNetwork(Synthetic.Benchmark.Architectures[network].Genotype,
            new ProbeSettings(2, 4, 1, 1, WeightSelection.All, Synthetic.Benchmark.Sizes)),
        [new ChainSet(input, [Chain.Empty, Chain.Of(UnaryOperation.Square)])]));
}
