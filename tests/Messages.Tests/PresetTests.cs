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
            (2, 80, 1000, 0.1, 0.5, 0.5, 42UL),
            (preset.Version, preset.Population, preset.Iterations, preset.TournamentRatio, preset.CrossoverRate, preset.MutationRate,
                preset.Seed));
        Assert.Equal((null, 42UL, 42UL), (preset.SplitSeed, preset.WeightsSeed, preset.BatchSeed));
        Assert.Equal((8, 128, 2, 1), (preset.BatchSize, preset.SequenceLength, preset.UnaryOperations, preset.OffspringPerIteration));
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
    }

    [Fact]
    public void The_default_preset_sees_depth_and_every_linear_map()
    {
        var preset = SearchConfiguration.Presets["default"];
        Assert.Equal((100, null, WeightSelection.All, 0.8, PruningMode.Sound),
            (preset.SearchArchitectures, preset.Shapes, preset.Weights, preset.MinDistinct, preset.Pruning));
        Assert.Equal([LayerReduction.Sum], preset.LayerReductions.ToArray());
    }
}
