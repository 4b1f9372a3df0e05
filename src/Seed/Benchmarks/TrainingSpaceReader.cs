using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a space file and checks that every architecture of it can be trained.</summary>
internal static class TrainingSpaceReader
{
    public static TrainingSpace Read(JsonField root)
    {
        BenchmarkFile.CheckFormat(root, TrainingSpace.Format, TrainingSpace.Version);
        var (tokens, digest) = ReadTokens(root);
        var space = new TrainingSpace
        {
            Path = root.File,
            Source = root.Element,
            Name = root.Text("name"),
            Sizes = BenchmarkFile.ReadSizes(root.Object("sizes")),
            HiddenSizes = Integers(root, "hiddenSizes"),
            Layers = Integers(root, "layers"),
            Operations = [.. root.Object("operations").Members().Select(ReadOperation)],
            Heads = Integers(root, "heads"),
            FeedForwardDimensions = Integers(root, "feedForwardDimensions"),
            FeedForwards = Integers(root, "feedForwards"),
            Samples = root.Optional("samples") is null ? null : root.Integer("samples", BenchmarkReading.FewestArchitectures),
            Seed = root.Seed("seed"),
            Training = ReadTraining(root.Object("training")),
            Tokens = tokens,
            TokensDigest = digest,
        };
        CheckSizes(root, space);
        CheckHeads(root, space);
        return space;
    }

    private static ImmutableArray<int> Integers(JsonField root, string name) =>
        [.. root.Array(name).Select(item => item.AsInteger()).Distinct()];

    private static OperationWeight ReadOperation((string Name, JsonField Value) member)
    {
        var weight = member.Value.AsNumber();
        return weight > 0 && double.IsFinite(weight)
            ? new OperationWeight(BenchmarkReading.Operation(member.Name, member.Value), weight)
            : throw member.Value.Expected("a weight above 0");
    }

    private static TrainingSettings ReadTraining(JsonField training)
    {
        var steps = training.Integer("steps");
        var warmup = training.Integer("warmupSteps", 0);
        return new TrainingSettings(
            steps,
            training.Integer("batchSize"),
            training.Integer("sequenceLength"),
            training.NumberWithin("learningRate", 1e-9, 1),
            warmup < steps ? warmup : throw training.Optional("warmupSteps")!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"{warmup} does not leave any of the {steps} steps; give fewer")),
            training.NumberWithin("maskedShare", 0.01, 0.99),
            training.NumberWithin("gradientNorm", 1e-6, 1e6),
            training.Integer("validationSequences"));
    }

    private static (ITokenSource Source, string? Digest) ReadTokens(JsonField root)
    {
        if (root.Optional("tokens") is { } tokens)
        {
            return root.Optional("language") is null
                ? TokenFile.Read(tokens, root.Object("training").Integer("sequenceLength"))
                : throw tokens.Error("there is a language too; keep one of them");
        }

        var language = root.Object("language");
        var fillers = language.Integer("fillers");
        var active = language.Integer("activeFillers");
        return (new SyntheticLanguage(new LanguageSettings(
            language.Seed("seed"),
            language.Integer("subjects"),
            fillers,
            active <= fillers ? active : throw language.Optional("activeFillers")!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"{active} is more than the {fillers} fillers; give fewer")),
            language.Integer("topics"),
            language.NumberWithin("openProbability", 0, 1),
            language.NumberWithin("closeProbability", 0, 1),
            language.Integer("maximumDepth"),
            language.NumberWithin("noiseProbability", 0, 1))), null);
    }

    private static void CheckSizes(JsonField root, TrainingSpace space)
    {
        var needed = space.Tokens.Vocabulary + 1;
        if (space.Sizes.Vocabulary < needed)
        {
            throw root.Object("sizes").Optional("vocabulary")!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"{space.Sizes.Vocabulary} is too small for {needed - 1} tokens and the mask; give at least {needed}"));
        }

        if (space.Training.SequenceLength > space.Sizes.Positions)
        {
            throw root.Object("training").Optional("sequenceLength")!.Value.Error(string.Create(CultureInfo.InvariantCulture, $"{space.Training.SequenceLength} is more than the {space.Sizes.Positions} positions; give fewer"));
        }
    }

    private static void CheckHeads(JsonField root, TrainingSpace space)
    {
        foreach (var hiddenSize in space.HiddenSizes)
        {
            foreach (var (heads, operation) in space.Heads.SelectMany(heads => space.Operations.Select(o => (heads, o.Operation))))
            {
                try
                {
                    FlexiBertParameters.Layer(hiddenSize, new FlexiBertLayer(operation, heads, space.FeedForwardDimensions[0], 1));
                }
                catch (ArgumentException error)
                {
                    throw root.Optional("heads")!.Value.Error($"{error.Message.Split(" (Parameter")[0]} Change heads or hiddenSizes.");
                }
            }
        }
    }
}
