using System.Text.Json;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests;

/// <summary>The presets hold the values of the design's table, and stay what they are under their version.</summary>
public sealed class PresetTests
{
    [Theory]
    [InlineData("paper")]
    [InlineData("default")]
    public void Both_presets_share_the_evolution_s_numbers_and_the_mini_batch(string name)
    {
        var preset = SearchConfiguration.Presets[name];
        Assert.Equal(
            (4, 0.1, 0.5, 0.5, 42UL),
            (preset.Version, preset.TournamentRatio, preset.CrossoverRate, preset.MutationRate,
                preset.Seed));
        Assert.Equal((null, 42UL, 42UL), (preset.SplitSeed, preset.WeightsSeed, preset.BatchSeed));
        Assert.Equal((8, 128, 2), (preset.BatchSize, preset.SequenceLength, preset.UnaryOperations));
        Assert.Equal((Reduction.Mean, Reduction.Mean), (preset.TensorReduction, preset.ElementReduction));
        Assert.Equal((SearchStrategy.Evolution, DrawWeights.Uniform), (preset.Strategy, preset.DrawWeights));
        Assert.Equal((null, null, null), (preset.Evaluations, preset.Target, preset.Plateau));
    }

    [Fact]
    public void The_paper_preset_is_as_published()
    {
        var preset = SearchConfiguration.Presets["paper"];
        Assert.Equal((50, Shapes.Genotype, WeightSelection.Mixing, 0.0, PruningMode.Paper),
            (preset.SearchArchitectures, preset.Shapes, preset.Weights, preset.MinDistinct, preset.Pruning));
        Assert.Equal([LayerReduction.Mean], preset.LayerReductions.ToArray());
        Assert.Equal(Enum.GetValues<InputKind>(), preset.Inputs.AsEnumerable());
        Assert.Equal((80, 1000, 1, FitnessTarget.Truth, AnswerRule.Proxy),
            (preset.Population, preset.Iterations, preset.OffspringPerIteration, preset.Fitness, preset.Answer));
    }

    [Fact]
    public void The_default_preset_sees_depth_and_every_linear_map()
    {
        var preset = SearchConfiguration.Presets["default"];
        Assert.Equal((100, null, WeightSelection.All, 0.8, PruningMode.Sound),
            (preset.SearchArchitectures, preset.Shapes, preset.Weights, preset.MinDistinct, preset.Pruning));
        Assert.Equal([LayerReduction.Sum, LayerReduction.AllButLast], preset.LayerReductions.ToArray());
    }

    [Fact]
    public void The_default_preset_breeds_many_from_many_and_asks_structure_too()
    {
        var preset = SearchConfiguration.Presets["default"];
        Assert.Equal(Enum.GetValues<InputKind>(), preset.Inputs);
        Assert.Equal((300, 2000, 25, FitnessTarget.Smoothed, AnswerRule.Sum),
            (preset.Population, preset.Iterations, preset.OffspringPerIteration, preset.Fitness, preset.Answer));
    }

    [Fact]
    public void A_run_of_the_version_before_keeps_its_values()
    {
        // As version 2 stored its default: what was not written is what it was then.
        var stored = JsonSerializer.Deserialize<SearchConfiguration>(
            """{"preset":"default","version":2,"iterations":1000,"offspringPerIteration":1,"inputs":["A","J","G","H","W","S"]}""",
            MessageJson.Options)!;
        Assert.Empty(stored.Problems());
        Assert.Equal((2, 1000, FitnessTarget.Truth, AnswerRule.Proxy, null),
            (stored.Version, stored.Iterations, stored.Fitness, stored.Answer, stored.Prefix));
        Assert.Equal("version", Assert.Single((stored with { Version = SearchConfiguration.CurrentVersion + 1 }).Problems()).Field);
    }

    [Fact]
    public void Of_the_version_before_what_structure_is_asked_for_is_another_programs()
    {
        var before = SearchConfiguration.FindPreset("default", 3)! with { Version = 3 };
        Assert.Equal("A,W,S", string.Join(',', before.Inputs));
        Assert.Equal((80, 5000, 3, FitnessTarget.Smoothed),
            (before.Population, before.Iterations, before.OffspringPerIteration, before.Fitness));
        var problem = Assert.Single(before.Problems());
        Assert.Equal("version", problem.Field);
        Assert.Contains("structure is regressed on in another way; start a new run", problem.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty((before with { Fitness = FitnessTarget.Truth }).Problems());
        Assert.Empty((before with { Fitness = FitnessTarget.Truth, Answer = AnswerRule.Proxy }).Problems());
    }
}
