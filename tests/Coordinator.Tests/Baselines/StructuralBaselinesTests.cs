using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Ranking;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Tests.Baselines;

public class StructuralBaselinesTests
{
    [PublicFlexiBertFact]
    public void On_the_public_benchmark_the_baselines_rank_as_documented()
    {
        var benchmark = PublicFlexiBert.Benchmark();
        var against = new SpearmanAgainst(benchmark.Architectures.Select(a => a.Truth).ToArray());
        var rhos = new StructuralBaselines(benchmark, sequenceLength: 128).All.SkipLast(1)
            .Select(b => Math.Round(against.Rho(b.Rank(benchmark.Architectures).Scores.AsSpan()), 3));

        // Computed apart from this code, by a few lines of Python over the same file.
        Assert.Equal([0.839, 0.867, 0.925, 0.930, 0.942], rhos);
    }

    [PublicFlexiBertFact]
    public void Ties_flatter_layers_and_hidden_size()
    {
        var benchmark = PublicFlexiBert.Benchmark();
        var architectures = benchmark.Architectures;
        var truth = architectures.Select(a => a.Truth).ToArray();
        var baselines = new StructuralBaselines(benchmark, sequenceLength: 128);
        var scores = baselines.All.Single(baseline => baseline.Name == baselines.Main).Rank(architectures).Scores.AsSpan();
        Assert.Equal(4, scores.ToArray().Distinct().Count());
        Assert.Equal(0.694, Kendall.TauA(scores, truth), 0.0005);
        Assert.Equal(0.800, Kendall.TauB(scores, truth), 0.0005);
        Assert.InRange(new SpearmanAgainst(truth).RhoWithTiesAtRandom(scores), 0.89, 0.90);
        Assert.Equal(0.0, WithinGroups.Rho(scores, truth, [.. architectures.Select(StructuralBaselines.GroupOf)]));
    }

    [Fact]
    public void Architectures_are_described_in_the_shapes_that_their_truth_was_measured_on()
    {
        FlexiBertGenotype genotype = new(128, [new FlexiBertLayer(MixingOperation.Fourier, 2, 512, 1)]);
        var trained = Parameters(Shapes.AsTrained);
        Assert.True(Parameters(Shapes.Genotype) < trained && trained < Parameters(Shapes.Published));

        double Parameters(Shapes shapes)
        {
            var architecture = new Architecture("a", genotype, 0);
            var benchmark = new Benchmark("made up", "score", shapes, FlexiBertSpace.PublicSizes, [architecture]);
            return new StructuralBaselines(benchmark, sequenceLength: 128).All.Single(b => b.Name == "parameters").Score(architecture);
        }
    }
}
