using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using LPZero.Coordinator.Run;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Wire;

namespace LPZero.Cluster.Tests.Wire;

public sealed class WireSerializerTests : ClusterTestKit
{
    private static readonly ProbedNetwork Target = new(
        new FlexiBertGenotype(128, [new(MixingOperation.Convolution9, 4, 512, 3), new(MixingOperation.Fourier, 2, 1024, 1)]),
        new ProbeSettings(
            8, 128, ulong.MaxValue, 7, WeightSelection.Mixing, FlexiBertSpace.PublicSizes, LossKind.Masked, WeightStart.AsTrained,
            ProbeMode.Training));

    private static readonly ImmutableArray<ChainSet> Wanted =
    [
        new(InputKind.S, [Chain.Empty, Chain.Of(UnaryOperation.Log, UnaryOperation.Square)]),
        new(InputKind.J, [Chain.Of(UnaryOperation.Abs)]),
    ];

    private static readonly RunStatus Status = new(
        "run", "running", 3, 9, 80, 0.5, "J + H", "profile", 2, 7, "computing terms", "a problem");
    private static readonly Proxy Proxy = ProxyText.ParseProxy("square(log(J)) - abs(H)");
    private static readonly Fitness Fitness = new(0.1 + 0.2, -0.0, double.NaN, ulong.MaxValue);

    private static readonly JsonSerializerOptions WithNaN = new(MessageJson.Options)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static TheoryData<object> Messages => [.. Samples()];

    internal static object[] Samples() =>
    [
        new BatchRequest("batch", "run", "profile", new TermRequest(long.MaxValue, 3, Target, Wanted)),
        new BatchRequest("batch", "run", "profile", new TermRequest(1, 1, Target, Wanted, IsLast: true))
        {
            Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Priority = 7,
        },
        new BatchRequest("batch", "run", "profile", new TermRequest(
            2, 1, Target with { Probe = Target.Probe with { Sizes = new EmbeddingSizes(100, Embedding: null, 64) } }, Wanted)),
        new RequestTaken(7, 2),
        new TermReply(
            7, 2, [new TermBlock(InputKind.A, [2, 1], [Chain.Empty, Chain.Of(UnaryOperation.Exp)],
                [1.5, double.NaN, double.NegativeInfinity, -0.0, double.Epsilon, 1], [1, long.MaxValue, 3, 4, 5, 6])]),
        new TermsRefused(7, 2, RefusalCause.Impossible, "because"),
        new BatchRequest("batch", "run", "profile", new TermRequest(3, 1, Target, [])
        {
            Proxies = ["snip", "attention-confidence"], Along = [new ChainSet(InputKind.W, [Chain.Empty])],
        }),
        new TermReply(7, 2, [])
        {
            Scores = [new ProxyScore("snip", 0.1 + 0.2, 0.5), new ProxyScore("plain", Value: null, 0, "because")],
        },
        DescribeDevice.Instance,
        new DeviceDescription("profile", 2, 30, 1L << 40, 1L << 41, 1L << 42),
        Drain.Instance,
        new WakeRun("run"),
        new DeleteRun("run"),
        new RunDeleted("run"),
        new PauseRun("run"),
        new ResumeRun("run"),
        new StopRun("run", "enough"),
        new PrioritizeRun("run", 7),
        new DescribeRun("run"),
        new ListLeaders("run"),
        new RunRefused("no such run"),
        new RunRefused("no such run", IsUnknown: true),
        new RunRefused("try in a moment", IsAway: true),
        Status,
        Status with { State = "stopped", Ended = "enough", IsReporting = true, Priority = 9 },
        Status with { Progress = new RunProgress(5.5, 1, 2, 3, 4, 5, RoundShare: 0.25) },
        Status with { Progress = new RunProgress(5.5, 1, 2, 3, 4, 5) },
        Status with { BestRho = null, BestExpression = null, NumericProfile = null, Problem = null },
        new RunLeaderboard(Status, [new LeaderboardEntry(1, "J + H", "H + J", Fitness, 4, 2)], 2, Hits(3L)),
        new SearchStarted(
            SearchConfiguration.Presets["paper"] with { Target = 0.9, LayerReductions = [LayerReduction.Last, LayerReduction.Sum] },
            "digest", ["1", "2"]),
        new RoundProposed(4, [new Proposal(Proxy, ProposalOrigin.Regenerated)], Hits(2), ulong.MaxValue),
        new RoundScored(
            4, [new Outcome(Fitness, null), new Outcome(null, InvalidReason.NonFinite), new Outcome(null, InvalidReason.TooFewDistinct)]),
        new RoundScored(4, [new Outcome(Fitness with { Criterion = -0.0 }, null)]),
        new SearchFinished(FinishReason.Plateau),
        new SearchPaused(),
        new SearchResumed(),
        new SearchStopped("enough"),
        new SearchSnapshot(
            SearchPhase.Paused, 5, 1L << 40, 90, 3, [new SnapshotMember(Proxy, Fitness, 2, 1)], true,
            [new SnapshotMember(Proxy, Fitness, 1, 3)], [Proxy],
            [Proxy], [new Proposal(Proxy, ProposalOrigin.Bred), new Proposal(Proxy, ProposalOrigin.Given)], Hits(5L), 4, ulong.MaxValue,
            InvalidByReason: ImmutableSortedDictionary<InvalidReason, int>.Empty,
            Convergence: [new ConvergencePoint(0, -0.0), new ConvergencePoint(3, 0.5)]),
        new SearchSnapshot(
            SearchPhase.Stopped, 5, 9, 90, 3, [], true, [], [], [], [], Hits(5L), 4, 1, "enough",
            ImmutableSortedDictionary<InvalidReason, int>.Empty.Add(InvalidReason.Constant, 3), Convergence: [],
            BestByTruth: new SnapshotMember(Proxy, Fitness with { Criterion = 0.25 }, 2, 1)),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_is_read_back_as_it_was_written(object message)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var read = serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));

        Assert.Equal(message.GetType(), read.GetType());
        Assert.Equal(Text(message), Text(read));
    }

    [Fact]
    public void Chains_and_products_of_tensors_are_asked_for_as_they_were_meant()
    {
        ImmutableArray<Chain> chains =
        [
            Chain.Empty, Chain.Of(UnaryOperation.Log, UnaryOperation.Square), ProxyText.ParseBranch("abs(W) * exp(abs(G))").Chain,
            ProxyText.ParseBranch("W * G").Chain,
        ];
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var request = new BatchRequest("batch", "run", "profile", new TermRequest(1, 1, Target, [new ChainSet(InputKind.W, chains)]));
        var read = (BatchRequest)serializer.FromBinary(serializer.ToBinary(request), serializer.Manifest(request));
        Assert.Equal(chains.AsEnumerable(), read.Request.Wanted.Single().Chains);
    }

    [Fact]
    public void The_round_trips_cover_the_whole_catalog() => Assert.Equal(
        WireCatalog.Entries.Select(entry => entry.Type).OrderBy(type => type.Name),
        Samples().Select(message => message.GetType()).Distinct().OrderBy(type => type.Name));

    [Fact]
    public void Manifests_are_those_of_the_checked_in_list()
    {
        var listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Wire", "manifests.txt"));
        Assert.Equal(listed, WireCatalog.Entries.Select(entry => entry.Manifest).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Requests_for_the_same_chains_share_them_after_reading_and_those_for_others_do_not()
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var other = Wanted.SetItem(0, Wanted[0] with { Chains = [Chain.Empty] });
        var (first, second, third) = (Read(1, Wanted), Read(2, Wanted), Read(3, other));

        for (var i = 0; i < Wanted.Length; i++)
        {
            Assert.Equal(Wanted[i].Input, first.Wanted[i].Input);
            Assert.True(Wanted[i].Chains.SequenceEqual(first.Wanted[i].Chains));
            Assert.Same(first.Wanted[i], second.Wanted[i]);
        }

        Assert.Equal(Chain.Empty, Assert.Single(third.Wanted[0].Chains));

        TermRequest Read(long id, ImmutableArray<ChainSet> wanted) => ((BatchRequest)serializer.FromBinary(
            serializer.ToBinary(new BatchRequest("batch", "run", "profile", new TermRequest(id, 1, Target, wanted))),
            "batch-request-4")).Request;
    }

    [Fact]
    public void An_unknown_manifest_is_refused()
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        Assert.Throws<SerializationException>(() => serializer.FromBinary([], "term-reply-2"));
    }

    [Fact]
    public void A_message_without_a_wire_format_is_refused()
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        Assert.Throws<SerializationException>(() => serializer.Manifest(new Version(1, 0)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Damaged_bytes_are_refused_or_read_but_never_escape_as_another_exception(object message)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var manifest = serializer.Manifest(message);
        var bytes = serializer.ToBinary(message);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = bytes[..random.Next(bytes.Length + 1)].ToArray();
            if (damaged.Length > 0)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var problem = Record.Exception(() => serializer.FromBinary(damaged, manifest));
            Assert.True(problem is null or SerializationException, problem?.ToString());
        }
    }

    [Fact]
    public void A_term_reply_takes_little_more_than_its_numbers()
    {
        var chains = Chain.All(2).Take(200).ToImmutableArray();
        var numbers = chains.Length * 12;
        var reply = new TermReply(
            1, 1, [new TermBlock(InputKind.A, [4, 4, 4], chains, new double[numbers], [.. Enumerable.Repeat(1L << 20, numbers)])]);

        var size = new WireSerializer((ExtendedActorSystem)Sys).ToBinary(reply).Length;

        Assert.InRange(size, numbers * sizeof(double), numbers * (sizeof(double) + 3) + (chains.Length * 4) + 64);
    }

    private static ImmutableSortedDictionary<string, T> Hits<T>(T count) =>
        new KeyValuePair<string, T>[]
        {
            new("no-op", count), new("double-negate", count),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    // Records that hold arrays are equal by their content as text.
    internal static string Text(object message) => message is TermReply reply
        ? string.Join(';', reply.Id, reply.Attempt, string.Join(',', reply.Scores), string.Join('|', reply.Blocks.Select(block =>
            $"{block.Input} {string.Join(',', block.TensorsPerLayer)} {string.Join(',', block.Chains)} " +
                $"{Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(block.Means.Span))} " +
                $"{string.Join(',', block.Counts.ToArray())}")))
        : JsonSerializer.Serialize(message, message.GetType(), WithNaN);
}
