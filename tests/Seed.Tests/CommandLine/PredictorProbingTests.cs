using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Tests.Exhaustive;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>How a benchmark is probed for a predictor, wherever one is given.</summary>
public sealed class PredictorProbingTests
{
    private static readonly EvaluatedBenchmark Small = new("small", SmallBenchmark.Create(), new SearchConfiguration
    {
        Preset = "default",
        SearchArchitectures = 10,
        BatchSize = 2,
        SequenceLength = 16,
    });

    [Fact]
    public void Shapes_are_the_files_unless_others_are_given()
    {
        var predictor = Made(PredictorProbes.Of(Small.Configuration) with { Shapes = Shapes.AsTrained, WeightsSeed = 7 });
        var probed = PredictorProbing.Required(Small, predictor).Configuration;
        Assert.Equal((7UL, Shapes.AsTrained), (probed.WeightsSeed, probed.Shapes));
        var given = Small with { Configuration = Small.Configuration with { Shapes = Shapes.Genotype }, HasGivenShapes = true };
        Assert.Equal(Shapes.Genotype, PredictorProbing.Of(given, predictor).Configuration.Shapes);

        // A preset's shapes are nobody's wish.
        var preset = given with { HasGivenShapes = false };
        Assert.Equal(Shapes.AsTrained, PredictorProbing.Of(preset, predictor).Configuration.Shapes);
        Assert.Null(PredictorProbing.Of(preset, Made(predictor.Probe! with { Shapes = null })).Configuration.Shapes);
        Assert.Same(Small, PredictorProbing.Of(Small, Made(probe: null)));
    }

    [Fact]
    public async Task Options_that_it_does_not_take_are_named_by_score_and_once_for_all_benchmarks_of_evaluate()
    {
        var probed = Made(PredictorProbes.Of(Small.Configuration));
        var given = Small with { GivenOfProbe = ["--batch"] };
        const string note = "made is probed as its file says: --batch has no effect on it.";
        Assert.Equal(note, PredictorProbing.NoteOn(probed, given));
        Assert.Equal(
            "made is probed as its file says: --batch, --loss have no effect on it.",
            PredictorProbing.NoteOn(probed, Small with { GivenOfProbe = ["--batch", "--loss"] }));
        Assert.Null(PredictorProbing.NoteOn(probed, Small));
        Assert.Null(PredictorProbing.NoteOn(Made(probe: null), given));

        var report = await ScoreReport.OfAsync(new PlainTerms(), given, new ProxyChoices([], [], [probed], []), default);
        Assert.Equal([PredictorOrigin.NoteOn(probed, given), note], report.Notes.AsEnumerable());
        Assert.Equal(
            [PredictorOrigin.NoteOn(probed, given), PredictorOrigin.NoteOn(probed, given with { Name = "again" }), note],
            PredictorNotes.Of([probed], [given, given with { Name = "again" }]).AsEnumerable());
    }

    [Fact]
    public async Task A_probe_that_does_not_fit_is_one_line_wherever_a_predictor_is_given()
    {
        var small = Small with { Benchmark = Small.Benchmark with { Architectures = [.. Small.Benchmark.Architectures.Select(Odd)] } };
        var unbuilt = Made(PredictorProbes.Of(small.Configuration) with { Shapes = Shapes.Published });
        var tooLong = Made(PredictorProbes.Of(small.Configuration) with { SequenceLength = 33 });
        foreach (var (predictor, reason) in new[]
        {
            (unbuilt, "(shapes published: architecture 'a0' cannot be built in them"), (tooLong, "tokens"),
        })
        {
            var refused = Assert.Throws<UsageException>(() => PredictorProbing.Required(small, predictor)).Message;
            Assert.StartsWith("made: the predictor's probe does not fit small (", refused, StringComparison.Ordinal);
            Assert.Contains(reason, refused, StringComparison.Ordinal);
            var row = (await new EvaluateUseCase(new PlainTerms(), threads: 1, progress: null).RunAsync(
                [small], new ProxyChoices([], [], [predictor], []), published: null, sample: null, default))[0].Proxies.Single();
            Assert.Equal(refused, $"made: {row.Reason}");
            Assert.Equal([small], ScoreUseCase.Probed([small], [predictor]).AsEnumerable());
        }

        // Three heads do not divide the published width.
        static Architecture Odd(Architecture architecture) => architecture with
        {
            Genotype = new FlexiBertGenotype(
                24 + (24 * (architecture.Genotype.LayerCount % 2)),
                [
                    .. ((FlexiBertGenotype)architecture.Genotype).Layers.Select(layer =>
                        new FlexiBertLayer(MixingOperation.ScaledDotProduct, 3, layer.FeedForwardDimension, layer.FeedForwards)),
                ]),
        };
    }

    private static Predictor Made(PredictorProbe? probe) => new(
        "made", "flexibert",
        PredictorGroup.Of(probe is null
            ? new FeaturePart(FeaturePart.Layers)
            : new ProxyPart(ProxyText.ParseProxy("sum[abs(W)]"), Reduction.Mean, Reduction.Mean)),
        probe);
}
