using System.Collections.Immutable;
using System.Text.Json;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

/// <summary>The stored form of messages. What is stored once has to be read for good, so the text itself is part of the test.</summary>
public sealed class MessageJsonTests
{
    private static readonly Proxy Proxy = ProxyText.ParseProxy("sum[square(abs_log(H)) * exp(W)]");

    /// <summary>One event of every kind with its stored form.</summary>
    public static TheoryData<SearchEvent, string> Events() => new()
    {
        {
            new RoundProposed(
                3,
                [new Proposal(Proxy, ProposalOrigin.Bred), new Proposal(ProxyText.ParseProxy("A - J"), ProposalOrigin.Regenerated)],
                ImmutableSortedDictionary<string, int>.Empty.Add("no-op", 2).Add("value-free", 1),
                ulong.MaxValue),
            """{"event":"roundProposed","iteration":3,"proposals":[{"proxy":"sum[square(abs_log(H)) * exp(W)]","origin":"bred"},""" +
            """{"proxy":"A - J","origin":"regenerated"}],"ruleHits":{"no-op":2,"value-free":1},"randomState":18446744073709551615}"""
        },
        {
            new RoundScored(
                3,
                [
                    new Outcome(new Fitness(0.1, -0.30000000000000004, 1, ulong.MaxValue), Invalid: null),
                    new Outcome(Fitness: null, InvalidReason.TooFewDistinct),
                ]),
            """{"event":"roundScored","iteration":3,"outcomes":[""" +
            """{"fitness":{"rho":0.1,"tauA":-0.30000000000000004,"tauB":1,"ranking":18446744073709551615}},{"invalid":"tooFewDistinct"}]}"""
        },
        { new SearchFinished(FinishReason.SpaceExhausted), """{"event":"searchFinished","reason":"spaceExhausted"}""" },
        { new SearchPaused(), """{"event":"searchPaused"}""" },
        { new SearchResumed(), """{"event":"searchResumed"}""" },
        { new SearchStopped("time is up"), """{"event":"searchStopped","reason":"time is up"}""" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_stored_on_one_line_and_read_back(SearchEvent happened, string stored)
    {
        Assert.Equal(stored, JsonSerializer.Serialize(happened, MessageJson.Options));
        var read = JsonSerializer.Deserialize<SearchEvent>(stored, MessageJson.Options)!;
        Assert.Equal(happened.GetType(), read.GetType());
        Assert.Equal(stored, JsonSerializer.Serialize(read, MessageJson.Options));
        Assert.Equal(happened.IsLifecycle, read.IsLifecycle);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("paper")]
    public void A_start_is_read_back_with_its_configuration(string preset)
    {
        var configuration = SearchConfiguration.Presets[preset] with
        {
            Seed = ulong.MaxValue,
            SplitSeed = 3,
            WeightsSeed = ulong.MaxValue - 1,
            BatchSeed = 4,
            SearchIds = ["b", "a"],
            StartWith = [ProxyText.ParseProxy("exp(H) * W")],
            Evaluations = 5,
            Target = 0.9,
            Plateau = 7,
            LayerReductions = [LayerReduction.Last, LayerReduction.AllButLast],
            DrawWeights = DrawWeights.Published,
            Strategy = SearchStrategy.Random,
            TensorReduction = Reduction.Sum,
        };
        var started = new SearchStarted(configuration, "0f", ["1", "2"]);
        var stored = JsonSerializer.Serialize<SearchEvent>(started, MessageJson.Options);
        var read = Assert.IsType<SearchStarted>(JsonSerializer.Deserialize<SearchEvent>(stored, MessageJson.Options));
        Assert.Equal(started.BenchmarkDigest, read.BenchmarkDigest);
        Assert.Equal(["1", "2"], read.SearchArchitectures.ToArray());
        AssertEqual(configuration, read.Configuration);
    }

    [Fact]
    public void The_presets_are_read_back()
    {
        Assert.Equal(["default", "paper"], SearchConfiguration.Presets.Keys);
        Assert.All(SearchConfiguration.Presets, preset =>
        {
            Assert.Equal(preset.Key, preset.Value.Preset);
            AssertEqual(preset.Value, Read<SearchConfiguration>(JsonSerializer.Serialize(preset.Value, MessageJson.Options)));
            AssertEqual(preset.Value, Read<SearchConfiguration>(JsonSerializer.Serialize(preset.Value, MessageJson.Indented)));
        });
    }

    [Fact]
    public void A_configuration_without_its_preset_is_refused() =>
        Assert.Throws<JsonException>(() => Read<SearchConfiguration>("{}"));

    [Fact]
    public void What_a_configuration_leaves_out_has_the_value_that_it_had_before_there_was_such_an_option() =>
        AssertEqual(new SearchConfiguration { Preset = "default" }, Read<SearchConfiguration>("""{"preset":"default"}"""));

    [Fact]
    public void A_proxy_that_cannot_be_read_is_named_with_the_place() =>
        Assert.Contains(
            "at character 1", Assert.ThrowsAny<Exception>(() => Read<Proposal>("""{"proxy":"sqare(H)","origin":"bred"}""")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"proxy":7,"origin":"bred"}""")]
    [InlineData("""{"proxy":"H","origin":"found"}""")]
    public void A_value_of_another_kind_is_refused(string stored) =>
        Assert.Throws<JsonException>(() => Read<Proposal>(stored));

    [Fact]
    public void An_event_of_no_known_kind_is_refused() =>
        Assert.Throws<JsonException>(() => Read<SearchEvent>("""{"event":"searchVanished"}"""));

    [Fact]
    public void An_architecture_is_read_back()
    {
        var architecture = new Architecture(
            "7", new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.Convolution9, 4, 1024, 3)]), 0.25);
        Assert.Equal(architecture, Read<Architecture>(JsonSerializer.Serialize(architecture, MessageJson.Options)));
    }

    [Fact]
    public void A_probed_network_is_read_back_with_the_same_key()
    {
        var target = new ProbedNetwork(
            new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.Fourier, 2, 512, 1)]),
            new ProbeSettings(8, 128, ulong.MaxValue, 7, WeightSelection.Mixing, FlexiBertSpace.PublicSizes));
        var read = Read<ProbedNetwork>(JsonSerializer.Serialize(target, MessageJson.Options));
        Assert.Equal(target, read);
        Assert.Equal(target.Key("cpu"), read.Key("cpu"));
        Assert.NotEqual(target.Key("cpu"), target.Key("cuda"));
    }

    [Fact]
    public void A_width_of_the_embedding_that_belongs_to_each_network_is_written_as_null()
    {
        var sizes = new EmbeddingSizes(100, Embedding: null, 64);
        var stored = JsonSerializer.Serialize(sizes, MessageJson.Options);
        Assert.Equal("""{"vocabulary":100,"embedding":null,"positions":64}""", stored);
        Assert.Equal(sizes, Read<EmbeddingSizes>(stored));
        Assert.Null(sizes.FindProblem());
    }

    [Fact]
    public void A_genotype_is_its_text()
    {
        var genotype = new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.Fourier, 2, 512, 1)]);
        Assert.Equal("\"flexibert:128:LT/DFT-h2-f512x1\"", JsonSerializer.Serialize<Genotype>(genotype, MessageJson.Options));
    }

    [Fact]
    public void A_genotype_that_an_earlier_version_stored_is_read() => Assert.Equal(
        new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.Convolution9, 4, 1024, 3)]),
        Read<Genotype>(
            """{"hiddenSize":128,"layers":[{"operation":"convolution9","heads":4,"feedForwardDimension":1024,"feedForwards":3}]}"""));

    [Theory]
    [InlineData("\"mars:7\"", "unknown search space 'mars'; known are flexibert")]
    [InlineData("\"flexibert:7\"", "'flexibert:7' is no genotype of FlexiBERT; write flexibert:HIDDEN:")]
    [InlineData("{\"hiddenSize\":true}", "the JSON object is no genotype of FlexiBERT; write flexibert:HIDDEN:")]
    [InlineData("7", "a genotype is a text")]
    public void A_genotype_that_cannot_be_read_is_refused_in_one_line(string stored, string problem)
    {
        var error = Assert.Throws<JsonException>(() => Read<Genotype>(stored));
        Assert.StartsWith(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Options_that_were_given_no_spaces_read_no_genotype() => Assert.Throws<NotSupportedException>(
        () => JsonSerializer.Deserialize<Genotype>("\"flexibert:128:LT/DFT-h2-f512x1\"", MessageJson.Options));

    private static readonly JsonSerializerOptions Reading = MessageJson.Reading(SearchSpaces.Known.Parse);

    private static T Read<T>(string stored) => JsonSerializer.Deserialize<T>(stored, Reading)!;

    private static void AssertEqual(SearchConfiguration expected, SearchConfiguration actual)
    {
        Assert.Equal(expected.LayerReductions.ToArray(), actual.LayerReductions.ToArray());
        Assert.Equal(expected.Inputs.ToArray(), actual.Inputs.ToArray());
        Assert.Equal(expected.SearchIds.ToArray(), actual.SearchIds.ToArray());
        Assert.Equal(expected.StartWith.ToArray(), actual.StartWith.ToArray());
        // Arrays are equal by identity, so the rest is compared with the same ones.
        Assert.Equal(expected, actual with
        {
            LayerReductions = expected.LayerReductions,
            Inputs = expected.Inputs,
            SearchIds = expected.SearchIds,
            StartWith = expected.StartWith,
        });
    }
}
