using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.GpuNode.Spaces.Gpt2;
using LPZero.GpuNode.Training;
using LPZero.Messages;
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
        var name = root.Optional("space") is null ? FlexiBertSpace.SpaceName : root.Text("space");
        var sizes = BenchmarkFile.ReadSizes(root.Object("sizes"), hasEmbedding: name == FlexiBertSpace.SpaceName);
        var choices = ReadChoices(root, name, sizes);
        var space = new TrainingSpace
        {
            Path = root.File,
            Source = root.Element,
            Name = root.Name("name"),
            Sizes = sizes,
            Choices = choices,
            Samples = root.Optional("samples") is null
                ? null
                : root.Integer("samples", new Bounds(Benchmark.FewestArchitectures, SpaceSampling.LargestSpace)),
            Seed = root.Seed("seed"),
            Training = ReadTraining(root.Object("training"), masks: choices is FlexiBertChoices),
            Tokens = tokens,
            TokensDigest = digest,
        };
        CheckSizes(root, space);
        return space;
    }

    private static IGenotypeChoices ReadChoices(JsonField root, string space, EmbeddingSizes sizes) => space switch
    {
        FlexiBertSpace.SpaceName => ReadFlexiBert(root),
        Gpt2Genotype.SpaceName => ReadGpt2(root, sizes),
        _ => throw root.Optional("space")!.Value.Error(
            $"no networks of a space '{space}' are trained here; " +
            NearestNames.Suggest(space, [FlexiBertSpace.SpaceName, Gpt2Genotype.SpaceName])),
    };

    private static FlexiBertChoices ReadFlexiBert(JsonField root)
    {
        var choices = new FlexiBertChoices(
            Integers(root, "hiddenSizes", NetworkBounds.HiddenSize),
            Integers(root, "layers", NetworkBounds.Layers),
            [.. root.Object("operations").Members().Select(ReadOperation)],
            Integers(root, "heads", NetworkBounds.Heads),
            Integers(root, "feedForwardDimensions", NetworkBounds.FeedForwardDimension),
            Integers(root, "feedForwards", NetworkBounds.FeedForwards));
        CheckHeads(root, choices.HiddenSizes, choices.Heads, (hiddenSize, heads) => choices.Operations
            .Select(o => new FlexiBertLayer(o.Operation, heads, choices.FeedForwardDimensions[0], 1).FindProblemOfHeads(hiddenSize))
            .FirstOrDefault(problem => problem is not null));
        return choices;
    }

    private static Gpt2Choices ReadGpt2(JsonField root, EmbeddingSizes sizes)
    {
        var choices = new Gpt2Choices(
            sizes.Vocabulary, sizes.Positions,
            Integers(root, "hiddenSizes", NetworkBounds.HiddenSize),
            Integers(root, "embeddings", NetworkBounds.Embedding),
            Integers(root, "layers", NetworkBounds.Layers),
            Integers(root, "heads", NetworkBounds.Heads),
            Integers(root, "feedForwardDimensions", NetworkBounds.FeedForwardDimension));
        CheckHeads(root, choices.HiddenSizes, choices.Heads, (hiddenSize, heads) => hiddenSize % heads == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"hidden size {hiddenSize} is not divisible by {heads} heads; choose a divisor"));
        return choices;
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

    private static TrainingSettings ReadTraining(JsonField training, bool masks)
    {
        var steps = training.Integer("steps", Steps);
        var warmup = training.Integer("warmupSteps", new Bounds(0, Steps.Most));
        return new TrainingSettings(
            steps,
            training.Integer("batchSize", BatchSize),
            training.Integer("sequenceLength", masks ? NetworkBounds.Positions : new Bounds(2, NetworkBounds.Positions.Most)),
            training.NumberWithin("learningRate", 1e-9, 1),
            warmup < steps
                ? warmup
                : throw training.Optional("warmupSteps")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                    $"{warmup} does not leave any of the {steps} steps; give fewer")),
            masks ? training.NumberWithin("maskedShare", 0.01, 0.99) : 0,
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
        var masks = space.Choices is FlexiBertChoices;
        var needed = space.Tokens.Vocabulary + (masks ? 1 : 0);
        if (space.Sizes.Vocabulary < needed)
        {
            throw root.Object("sizes").Optional("vocabulary")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"{space.Sizes.Vocabulary} is too small for {space.Tokens.Vocabulary} tokens{(masks ? " and the mask" : "")}; " +
                $"give at least {needed}"));
        }

        if (space.Training.SequenceLength > space.Sizes.Positions)
        {
            throw root.Object("training").Optional("sequenceLength")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"{space.Training.SequenceLength} is more than the {space.Sizes.Positions} positions; give fewer"));
        }
    }

    private static void CheckHeads(
        JsonField root, IEnumerable<int> hiddenSizes, IReadOnlyCollection<int> heads, Func<int, int, string?> findProblem)
    {
        foreach (var hiddenSize in hiddenSizes)
        {
            foreach (var count in heads)
            {
                if (findProblem(hiddenSize, count) is { } problem)
                {
                    throw root.Optional("heads")!.Value.Error($"{problem}, or change hiddenSizes");
                }
            }
        }
    }
}
