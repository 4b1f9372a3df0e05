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

    /// <summary>The spaces whose networks are trained here, and what reads the choices of each.</summary>
    private static readonly ImmutableSortedDictionary<string, Func<JsonField, EmbeddingSizes, IGenotypeChoices>> Choices =
        new Dictionary<string, Func<JsonField, EmbeddingSizes, IGenotypeChoices>>(StringComparer.Ordinal)
        {
            [FlexiBertSpace.SpaceName] = (root, _) => FlexiBertChoices.Read(root),
            [Gpt2Genotype.SpaceName] = Gpt2Choices.Read,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static TrainingSpace Read(JsonField root)
    {
        BenchmarkFile.CheckFormat(root, TrainingSpace.Format, TrainingSpace.Version);
        var (tokens, digest) = ReadTokens(root);
        // Files of the first version of the program name no space.
        var name = root.Optional("space") is null ? FlexiBertSpace.SpaceName : root.Text("space");
        if (!Choices.TryGetValue(name, out var readChoices))
        {
            throw root.Optional("space")!.Value.Error(
                $"no networks of a space '{name}' are trained here; {NearestNames.Suggest(name, Choices.Keys)}");
        }

        var sizes = BenchmarkFile.ReadSizes(root.Object("sizes"), name);
        var choices = readChoices(root, sizes);
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
            Training = ReadTraining(root.Object("training"), choices.Masks),
            Tokens = tokens,
            TokensDigest = digest,
        };
        CheckSizes(root, space);
        return space;
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
        var masks = space.Choices.Masks;
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
}
