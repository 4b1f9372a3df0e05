using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary>The options that make up a <see cref="SearchConfiguration"/>: a preset, and what departs from it.</summary>
internal sealed class SearchOptions
{
    private readonly Option<string> preset = CommonOptions.OneOf("--preset", "values to start from", [.. SearchConfiguration.Presets.Keys], "default");
    private readonly Option<ulong?> seed = Number<ulong?>("--seed", "seed of every random draw");
    private readonly Option<int?> iterations = Number<int?>("--iterations", "iterations after the first population");
    private readonly Option<int?> population = Number<int?>("--population", "proxies in the population");
    private readonly Option<int?> offspring = Number<int?>("--offspring", "offspring bred from the same population in an iteration");
    private readonly Option<double?> tournament = Number<double?>("--tournament", "share of the population that may be parents");
    private readonly Option<double?> crossover = Number<double?>("--crossover", "probability of crossover");
    private readonly Option<double?> mutation = Number<double?>("--mutation", "probability of mutation");
    private readonly Option<int?> evaluations = Number<int?>("--evaluations", "stop after so many scored proxies");
    private readonly Option<double?> target = Number<double?>("--target", "stop when the best proxy reaches this rho");
    private readonly Option<int?> plateau = Number<int?>("--plateau", "stop after so many iterations without a better best proxy");
    private readonly Option<int?> searchArchitectures = Number<int?>("--search-architectures", "architectures that the search ranks; the rest is held out");
    private readonly Option<string> sampling = CommonOptions.OneOf("--sampling", "which architectures the search ranks: drawn at random, or the first of the benchmark", ["drawn", "first"], standard: null);
    private readonly Option<string> inputs = new("--inputs") { Description = "the inputs that branches may have, separated by commas", HelpName = "A,J,G,H,W,S" };
    private readonly Option<int?> unary = Number<int?>("--unary", "unary operations in a branch, 1 to 10");
    private readonly Option<string> strategy = CommonOptions.OneOf("--strategy", "where offspring come from", ["evolution", "random"], standard: null);
    private readonly Option<string> pruning = CommonOptions.OneOf("--pruning", "which pruning rules act", ["none", "sound", "paper"], standard: null);
    private readonly Option<string> draw = CommonOptions.OneOf("--draw", "how random proxies are drawn", ["uniform", "published"], standard: null);
    private readonly Option<string> layerReduction = new("--layer-reduction")
    {
        Description = "how layers become a score; several, separated by commas, make it a gene",
        HelpName = "sum|mean|all_but_last|last",
    };

    private readonly Option<string> tensorReduction = CommonOptions.OneOf("--tensor-reduction", "how the tensors of a layer become a number", ["mean", "sum"], standard: null);
    private readonly Option<string> elementReduction = CommonOptions.OneOf("--element-reduction", "how the elements of a tensor become a number", ["mean", "sum"], standard: null);
    private readonly Option<string> weights = CommonOptions.OneOf("--weights", "which linear maps W and G hold", ["all", "mixing"], standard: null);
    private readonly Option<double?> minDistinct = Number<double?>("--min-distinct", "floor on distinct scores over distinct networks");
    private readonly Option<string> shapes = CommonOptions.OneOf("--shapes", "which networks the genotypes stand for", ShapesNames.All, standard: null);
    private readonly Option<string> batch = new("--batch") { Description = "mini-batch as sequences x tokens", HelpName = "8x128" };

    public IEnumerable<Option> All =>
    [
        preset, seed, iterations, population, offspring, tournament, crossover, mutation, evaluations, target, plateau,
        searchArchitectures, sampling, inputs, unary, strategy, pruning, draw, layerReduction, tensorReduction, elementReduction, weights,
        minDistinct, shapes, batch,
    ];

    /// <summary>Those that the ranking of a whole space depends on.</summary>
    public IEnumerable<Option> Ranking =>
    [
        preset, seed, searchArchitectures, sampling, inputs, unary, pruning, layerReduction, tensorReduction, elementReduction, weights, minDistinct, shapes, batch,
    ];

    /// <summary>Those that a choice among reductions depends on.</summary>
    public IEnumerable<Option> Choosing => [preset, seed, searchArchitectures, sampling, inputs, unary, pruning, weights, minDistinct, shapes, batch];

    /// <summary>Those that scoring a single proxy depends on.</summary>
    public IEnumerable<Option> Probing => [preset, seed, layerReduction, tensorReduction, elementReduction, weights, shapes, batch];

    /// <summary>The configuration for a benchmark.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public SearchConfiguration Read(ParseResult parsed, Benchmark benchmark)
    {
        var start = SearchConfiguration.Presets[parsed.GetValue(preset)!];
        var (batchSize, sequenceLength) = parsed.GetValue(batch) is { } text ? ReadBatch(text) : (start.BatchSize, start.SequenceLength);
        if (parsed.GetValue(batch) is null)
        {
            // A preset's sequence may be longer than a small benchmark has positions.
            sequenceLength = Math.Min(sequenceLength, benchmark.Sizes.Positions);
        }

        var configuration = start with
        {
            Seed = parsed.GetValue(seed) ?? start.Seed,
            Iterations = parsed.GetValue(iterations) ?? start.Iterations,
            Population = parsed.GetValue(population) ?? start.Population,
            OffspringPerIteration = parsed.GetValue(offspring) ?? start.OffspringPerIteration,
            TournamentRatio = parsed.GetValue(tournament) ?? start.TournamentRatio,
            CrossoverRate = parsed.GetValue(crossover) ?? start.CrossoverRate,
            MutationRate = parsed.GetValue(mutation) ?? start.MutationRate,
            Evaluations = parsed.GetValue(evaluations),
            Target = parsed.GetValue(target),
            Plateau = parsed.GetValue(plateau),
            // Where a benchmark is small, a third of it stays held out.
            SearchArchitectures = parsed.GetValue(searchArchitectures) ?? Math.Min(start.SearchArchitectures, benchmark.Architectures.Length * 2 / 3),
            Sampling = Choice(sampling, start.Sampling),
            Inputs = parsed.GetValue(inputs) is { } letters ? ReadInputs(letters) : start.Inputs,
            UnaryOperations = parsed.GetValue(unary) ?? start.UnaryOperations,
            Strategy = Choice(strategy, start.Strategy),
            Pruning = Choice(pruning, start.Pruning),
            DrawWeights = Choice(draw, start.DrawWeights),
            LayerReductions = parsed.GetValue(layerReduction) is { } reductions ? [.. reductions.Split(',').Select(ReadReduction)] : start.LayerReductions,
            TensorReduction = Choice(tensorReduction, start.TensorReduction),
            ElementReduction = Choice(elementReduction, start.ElementReduction),
            Weights = Choice(weights, start.Weights),
            MinDistinct = parsed.GetValue(minDistinct) ?? start.MinDistinct,
            // A benchmark of ours has the networks of its genotypes; the presets speak of the public one's choice.
            Shapes = parsed.GetValue(shapes) is { } name ? ShapesNames.Parse(name) : start.Shapes ?? benchmark.Shapes,
            BatchSize = batchSize,
            SequenceLength = sequenceLength,
        };
        Check(configuration, benchmark);
        return configuration;

        T Choice<T>(Option<string> option, T standard)
            where T : struct, Enum => parsed.GetValue(option) is { } value ? Enum.Parse<T>(value, ignoreCase: true) : standard;
    }

    /// <summary>Sequences and tokens of a text such as 8x128.</summary>
    public static (int BatchSize, int SequenceLength) ReadBatch(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var batchSize)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && batchSize > 0 && length > 0
                ? (batchSize, length)
                : throw new UsageException($"--batch {text}: give sequences x tokens, such as 8x128");
    }

    private void Check(SearchConfiguration configuration, Benchmark benchmark)
    {
        var problems = configuration.Problems(benchmark);
        if (!problems.IsEmpty)
        {
            throw new UsageException(string.Join("; ", problems.Select(problem => problem.Describe(OptionOf(problem.Field)))));
        }
    }

    /// <summary>The option that sets a field of the configuration, by the field's name in JSON.</summary>
    private string OptionOf(string field) => field switch
    {
        "population" => population.Name,
        "iterations" => iterations.Name,
        "offspringPerIteration" => offspring.Name,
        "tournamentRatio" => tournament.Name,
        "crossoverRate" => crossover.Name,
        "mutationRate" => mutation.Name,
        "evaluations" => evaluations.Name,
        "target" => target.Name,
        "plateau" => plateau.Name,
        "searchArchitectures" => searchArchitectures.Name,
        "inputs" => inputs.Name,
        "unaryOperations" => unary.Name,
        "layerReductions" => layerReduction.Name,
        "minDistinct" => minDistinct.Name,
        "batchSize" => $"{batch.Name}, sequences",
        "sequenceLength" => $"{batch.Name}, tokens",
        _ => field,
    };

    private static ImmutableArray<InputKind> ReadInputs(string letters) =>
    [
        .. letters.Split(',').Select(letter => Enum.GetNames<InputKind>().Contains(letter.Trim(), StringComparer.Ordinal)
            ? Enum.Parse<InputKind>(letter.Trim())
            : throw new UsageException($"--inputs {letters}: give letters out of {string.Join(',', Enum.GetNames<InputKind>())}")),
    ];

    private static LayerReduction ReadReduction(string name)
    {
        if (OperationNames.TryLayerReduction(name.Trim(), out var reduction))
        {
            return reduction;
        }

        throw new UsageException($"--layer-reduction {name}: {NearestNames.Suggest(name, Enum.GetValues<LayerReduction>().Select(OperationNames.Name))}");
    }

    private static Option<T> Number<T>(string name, string description) => new(name) { Description = description, HelpName = "N" };
}
