using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

/// <summary>What no configuration may say is found in the record itself, whichever way it came in.</summary>
public sealed class ConfigurationProblemTests
{
    private static readonly SearchConfiguration Valid = new() { Preset = "default" };

    [Fact]
    public void The_presets_have_no_problems()
    {
        foreach (var preset in SearchConfiguration.Presets.Values)
        {
            Assert.Empty(preset.Problems());
        }
    }

    [Theory]
    [InlineData("population", "2000000000")]
    [InlineData("population", "1")]
    [InlineData("iterations", "-1")]
    [InlineData("offspringPerIteration", "0")]
    [InlineData("tournamentRatio", "0")]
    [InlineData("tournamentRatio", "1.5")]
    [InlineData("crossoverRate", "-0.1")]
    [InlineData("mutationRate", "2")]
    [InlineData("minDistinct", "1.01")]
    [InlineData("evaluations", "0")]
    [InlineData("plateau", "0")]
    [InlineData("target", "1.5")]
    [InlineData("unaryOperations", "0")]
    [InlineData("unaryOperations", "11")]
    [InlineData("searchArchitectures", "3")]
    [InlineData("batchSize", "0")]
    [InlineData("batchSize", "2000000000")]
    [InlineData("sequenceLength", "1")]
    [InlineData("inputs", "[]")]
    [InlineData("inputs", "[\"A\",\"A\"]")]
    [InlineData("inputs", "[17]")]
    [InlineData("layerReductions", "[]")]
    [InlineData("layerReductions", "[\"sum\",\"last\",\"sum\"]")]
    [InlineData("layerReductions", "[9]")]
    [InlineData("tensorReduction", "7")]
    [InlineData("shapes", "9")]
    [InlineData("strategy", "3")]
    [InlineData("fitness", "9")]
    [InlineData("answer", "9")]
    [InlineData("preset", "\"\"")]
    [InlineData("preset", "\"a\\u001bb\"")]
    [InlineData("version", "0")]
    public void A_value_that_cannot_be_meant_is_named_with_its_field_and_mend(string field, string json)
    {
        var text = JsonSerializer.Serialize(Valid, MessageJson.Options);
        var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text)!;
        fields[field] = JsonDocument.Parse(json).RootElement;
        var read = JsonSerializer.Deserialize<SearchConfiguration>(JsonSerializer.Serialize(fields), MessageJson.Options)!;

        var problem = Assert.Single(read.Problems());
        Assert.Equal(field, problem.Field);
        Assert.NotEmpty(problem.Mend);
        Assert.DoesNotContain(problem.ToString(), char.IsControl);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_that_are_not_finite_are_problems(double value)
    {
        var configuration = Valid with
        {
            TournamentRatio = value,
            CrossoverRate = value,
            MutationRate = value,
            MinDistinct = value,
            Target = value,
        };
        Assert.Equal(
            ["crossoverRate", "minDistinct", "mutationRate", "target", "tournamentRatio"],
            configuration.Problems().Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("layers", FitnessTarget.Smoothed, AnswerRule.Proxy, "fitness")]
    [InlineData("layers", FitnessTarget.Residual, AnswerRule.Proxy, "fitness")]
    [InlineData("layers", FitnessTarget.Truth, AnswerRule.Sum, "answer")]
    [InlineData("layers", FitnessTarget.Truth, AnswerRule.Regression, "answer")]
    [InlineData("layers", FitnessTarget.Truth, AnswerRule.MeanRank, null)]
    [InlineData("two\nlines", FitnessTarget.Truth, AnswerRule.Proxy, "prefix")]
    [InlineData(null, FitnessTarget.Residual, AnswerRule.Regression, null)]
    public void Behind_a_prefix_proxies_break_ties_alone(string? prefix, FitnessTarget fitness, AnswerRule answer, string? field) =>
        Assert.Equal(
            field, (Valid with { Prefix = prefix, Fitness = fitness, Answer = answer }).Problems().SingleOrDefault()?.Field);

    [Fact]
    public void Sides_of_a_mini_batch_that_are_fine_alone_may_be_too_much_together()
    {
        var problem = Assert.Single((Valid with { BatchSize = 60_000, SequenceLength = 60_000 }).Problems());
        Assert.Equal("batchSize 60000: with sequences of 60000 tokens give at most 279", problem.ToString());
    }

    [Fact]
    public void Limits_that_depend_on_the_benchmark_are_checked_against_it()
    {
        var genotype = new FlexiBertGenotype(128, [new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1)]);
        var benchmark = new Benchmark(
            "small", "truth", Shapes.AsTrained, new EmbeddingSizes(100, 128, 64),
            [.. Enumerable.Range(0, 20).Select(i => new Architecture($"{i}", genotype, i))]);

        Assert.Empty((Valid with { SearchArchitectures = 16, SequenceLength = 64 }).Problems(benchmark));
        Assert.Empty((Valid with { SearchIds = ["0", "19", "7", "11"], SequenceLength = 64 }).Problems(benchmark));
        AssertIds("searchIds 21: the benchmark has no such architecture; did you mean 1, 11, 2?", "0", "19", "7", "21");
        AssertIds("searchIds 7: give each architecture once", "0", "19", "7", "7");
        AssertIds("searchIds: 3 architectures are given; give from 4 to 16", "0", "19", "7");
        AssertIds("searchIds: 17 architectures are given; give from 4 to 16", [.. Enumerable.Range(0, 17).Select(i => $"{i}")]);
        AssertIds("searchIds a?b: the benchmark has no such architecture; did you mean 0, 1, 10?", "0", "19", "7", "a\u001bb");
        Assert.Equal(
            ["searchArchitectures 17: give a number from 4 to 16", "sequenceLength 65: give a number from 2 to 64"],
            (Valid with { SearchArchitectures = 17, SequenceLength = 65 }).Problems(benchmark).Select(problem => problem.ToString()));

        void AssertIds(string expected, params string[] ids) =>
            Assert.Equal(
                expected, Assert.Single((Valid with { SearchIds = [.. ids], SequenceLength = 64 }).Problems(benchmark)).ToString());
    }

    [Theory]
    [InlineData("exp(exp(exp(H))) * W", "startWith exp(exp(exp(H))) * W: give branches of at most 2 operations, as the search has")]
    [InlineData("G * W", "startWith G * W: give inputs that the search has: A, H, W")]
    [InlineData("last[H * W]", "startWith last[H * W]: give a layer reduction that the search has: sum")]
    public void A_known_proxy_outside_of_the_space_is_a_problem(string expression, string problem) =>
        Assert.Equal(
            problem,
            Assert.Single((Valid with { Inputs = [InputKind.A, InputKind.H, InputKind.W], StartWith = [ProxyText.ParseProxy(expression)] })
                .Problems()).ToString());

    [Fact]
    public void More_known_proxies_than_the_population_holds_are_a_problem()
    {
        var configuration = Valid with { Population = 2, StartWith = [.. new[] { "H", "W", "A" }.Select(ProxyText.ParseProxy)] };
        Assert.Equal("startWith: 3 proxies are given; give at most the population, 2", Assert.Single(configuration.Problems()).ToString());
    }

    [Fact]
    public void Searches_with_different_seeds_share_the_key_of_a_term_and_other_weights_or_batches_do_not()
    {
        string Key(SearchConfiguration configuration) =>
            new ProbedNetwork(new FlexiBertGenotype(128, []), configuration.Probe(FlexiBertSpace.PublicSizes)).Key("cpu");
        Assert.Single(Enumerable.Range(1, 10).Select(seed => Key(Valid with { Seed = (ulong)seed, SplitSeed = (ulong)seed })).Distinct());
        Assert.Equal(3, new[] { Valid, Valid with { WeightsSeed = 7 }, Valid with { BatchSeed = 7 } }.Select(Key).Distinct().Count());
    }
}
