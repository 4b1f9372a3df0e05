using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a space file and checks that every architecture of it can be trained.</summary>
internal static class TrainingSpaceReader
{
    // Of a training and of its language: above what anybody trains on one machine, and with room to multiply.
    private static readonly Bounds Steps = new(1, 100_000_000);
    private static readonly Bounds BatchSize = new(1, 65_536);
    private static readonly Bounds ValidationSequences = new(1, 10_000_000);
    private static readonly Bounds Words = new(1, 500_000);
    private static readonly Bounds Topics = new(1, 1000);
    private static readonly Bounds Depth = new(1, 1000);
    private const long LargestTables = 50_000_000;

    public static TrainingSpace Read(JsonField root)
    {
        BenchmarkFile.CheckFormat(root, TrainingSpace.Format, TrainingSpace.Version);
        var (tokens, digest) = ReadTokens(root);
        var space = new TrainingSpace
        {
            Path = root.File,
            Source = root.Element,
            Name = root.Name("name"),
            Sizes = BenchmarkFile.ReadSizes(root.Object("sizes")),
            HiddenSizes = Integers(root, "hiddenSizes", NetworkBounds.HiddenSize),
            Layers = Integers(root, "layers", NetworkBounds.Layers),
            Operations = [.. root.Object("operations").Members().Select(ReadOperation)],
            Heads = Integers(root, "heads", NetworkBounds.Heads),
            FeedForwardDimensions = Integers(root, "feedForwardDimensions", NetworkBounds.FeedForwardDimension),
            FeedForwards = Integers(root, "feedForwards", NetworkBounds.FeedForwards),
            Samples = root.Optional("samples") is null
                ? null
                : root.Integer("samples", new Bounds(Benchmark.FewestArchitectures, SpaceSampling.LargestSpace)),
            Seed = root.Seed("seed"),
            Training = ReadTraining(root.Object("training")),
            Tokens = tokens,
            TokensDigest = digest,
        };
        CheckSizes(root, space);
        CheckHeads(root, space);
        return space;
    }

    private static ImmutableArray<int> Integers(JsonField root, string name, Bounds bounds) =>
        [.. root.Array(name).Select(item => item.AsInteger(bounds)).Distinct()];

    private static OperationWeight ReadOperation((string Name, JsonField Value) member)
    {
        var weight = member.Value.AsNumberOrNot();
        return weight > 0 && double.IsFinite(weight)
            ? new OperationWeight(FlexiBertReading.Operation(member.Name, member.Value), weight)
            : throw member.Value.Expected("a weight above 0");
    }

    private static TrainingSettings ReadTraining(JsonField training)
    {
        var steps = training.Integer("steps", Steps);
        var warmup = training.Integer("warmupSteps", new Bounds(0, Steps.Most));
        return new TrainingSettings(
            steps,
            training.Integer("batchSize", BatchSize),
            training.Integer("sequenceLength", NetworkBounds.Positions),
            training.NumberWithin("learningRate", 1e-9, 1),
            warmup < steps
                ? warmup
                : throw training.Optional("warmupSteps")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                    $"{warmup} does not leave any of the {steps} steps; give fewer")),
            training.NumberWithin("maskedShare", 0.01, 0.99),
            training.NumberWithin("gradientNorm", 1e-6, 1e6),
            training.Integer("validationSequences", ValidationSequences));
    }

    private static (ITokenSource Source, string? Digest) ReadTokens(JsonField root)
    {
        if (root.Optional("tokens") is { } tokens)
        {
            return root.Optional("language") is null
                ? TokenFile.Read(tokens, root.Object("training").Integer("sequenceLength", NetworkBounds.Positions))
                : throw tokens.Error("there is a language too; keep one of them");
        }

        var language = root.Object("language");
        var fillers = language.Integer("fillers", Words);
        var active = language.Integer("activeFillers", Words);
        var subjects = language.Integer("subjects", Words);
        var topics = language.Integer("topics", Topics);
        if ((long)topics * subjects > LargestTables)
        {
            throw language.Optional("topics")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"{topics} topics of {subjects} subjects are more than {LargestTables} pairs; give fewer"));
        }

        return (new SyntheticLanguage(new LanguageSettings(
            language.Seed("seed"),
            subjects,
            fillers,
            active <= fillers
                ? active
                : throw language.Optional("activeFillers")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                    $"{active} is more than the {fillers} fillers; give fewer")),
            topics,
            language.NumberWithin("openProbability", 0, 1),
            language.NumberWithin("closeProbability", 0, 1),
            language.Integer("maximumDepth", Depth),
            language.NumberWithin("noiseProbability", 0, 1))), null);
    }

    private static void CheckSizes(JsonField root, TrainingSpace space)
    {
        var needed = space.Tokens.Vocabulary + 1;
        if (space.Sizes.Vocabulary < needed)
        {
            throw root.Object("sizes").Optional("vocabulary")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"{space.Sizes.Vocabulary} is too small for {needed - 1} tokens and the mask; give at least {needed}"));
        }

        if (space.Training.SequenceLength > space.Sizes.Positions)
        {
            throw root.Object("training").Optional("sequenceLength")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"{space.Training.SequenceLength} is more than the {space.Sizes.Positions} positions; give fewer"));
        }
    }

    private static void CheckHeads(JsonField root, TrainingSpace space)
    {
        foreach (var hiddenSize in space.HiddenSizes)
        {
            foreach (var (heads, operation) in space.Heads.SelectMany(heads => space.Operations.Select(o => (heads, o.Operation))))
            {
                if (new FlexiBertLayer(operation, heads, space.FeedForwardDimensions[0], 1).FindProblemOfHeads(hiddenSize) is { } problem)
                {
                    throw root.Optional("heads")!.Value.Error($"{problem}, or change hiddenSizes");
                }
            }
        }
    }
}
