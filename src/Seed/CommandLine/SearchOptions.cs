using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.CommandLine;

/// <summary>The options that make up a <see cref="SearchConfiguration"/>: a preset, and what departs from it.</summary>
internal sealed class SearchOptions
{
    private const string SearchIds = "--search-ids";
    private const string StartWith = "--start-with";
    private const string File = "FILE";

    private readonly Option<string> preset = CommonOptions.OneOf(
        "--preset", "values to start from", [.. SearchConfiguration.Presets.Keys], "default");

    private readonly ConfigurationOption seed = ConfigurationOption.Number<ulong>(
        "--seed", "seed of the evolution, and of the split unless --split-seed is given", "seed", c => c.Seed,
        (c, value) => c with { Seed = value });

    private readonly ConfigurationOption splitSeed = ConfigurationOption.Number<ulong>(
        "--split-seed", "seed of the split into search set and held-out set, where not given that of --seed", "splitSeed", c => c.SplitSeed,
        (c, value) => c with { SplitSeed = value });

    private readonly ConfigurationOption weightsSeed = ConfigurationOption.Number<ulong>(
        "--weights-seed", "seed of the networks' weights", "weightsSeed", c => c.WeightsSeed, (c, value) => c with { WeightsSeed = value });

    private readonly ConfigurationOption batchSeed = ConfigurationOption.Number<ulong>(
        "--batch-seed", "seed of the mini-batch", "batchSeed", c => c.BatchSeed, (c, value) => c with { BatchSeed = value });

    private readonly ConfigurationOption searchArchitectures = ConfigurationOption.Number<int>(
        "--search-architectures", "architectures that the search ranks, where not given at most two thirds; the rest is held out",
        "searchArchitectures",
        c => c.SearchIds.IsEmpty ? c.SearchArchitectures : null, (c, value) => c with { SearchArchitectures = value });

    private readonly ConfigurationOption sampling = ConfigurationOption.Choice(
        "--sampling", "which architectures the search ranks: drawn at random, or the first of the benchmark", "sampling", c => c.Sampling,
        (c, value) => c with { Sampling = value });

    // Which file it was is not part of a configuration, so the command that repeats a run can only say what to put there.
    private readonly ConfigurationOption searchIds = ConfigurationOption.Text(
        new(SearchIds) { Description = "file with the ids of the architectures that the search ranks, one a line", HelpName = File },
        "none",
        c => c.SearchIds.IsEmpty ? null : "FILE_WITH_ITS_SEARCH_IDS",
        (c, file) => ReadIds(file) is var ids ? c with { SearchIds = ids, SearchArchitectures = ids.Length } : c, ("searchIds", ""));

    // Any other name is a truth of the source's, which its reader looks for.
    private readonly ConfigurationOption truth = ConfigurationOption.Text(
        CommonOptions.Truth(), "the benchmark's own", c => c.Truth == TruthKind.Reliability ? TruthName.Reliability : null,
        (c, name) => name == TruthName.Reliability ? c with { Truth = TruthKind.Reliability } : c, ("truth", ""));

    private readonly ConfigurationOption inputs = ConfigurationOption.Text(
        new("--inputs")
        {
            Description = "the inputs that branches may have, separated by commas",
            HelpName = string.Join(',', Enum.GetNames<InputKind>()),
        }, "none",
        c => string.Join(',', c.Inputs), (c, letters) => c with { Inputs = ReadInputs(letters) }, ("inputs", ""));

    private readonly ConfigurationOption unary = ConfigurationOption.Number<int>(
        "--unary", "unary operations in a branch, 1 to 10", "unaryOperations", c => c.UnaryOperations,
        (c, value) => c with { UnaryOperations = value });

    private readonly ConfigurationOption pruning = ConfigurationOption.Choice(
        "--pruning", "which pruning rules act", "pruning", c => c.Pruning, (c, value) => c with { Pruning = value });

    private readonly ConfigurationOption layerReduction = ConfigurationOption.Text(
        new("--layer-reduction")
        {
            Description = "how layers become a score; several, separated by commas, make it a gene",
            HelpName = "sum|mean|all_but_last|last",
        }, "none",
        c => string.Join(',', c.LayerReductions.Select(OperationNames.Name)),
        (c, names) => c with { LayerReductions = [.. names.Split(',').Select(ReadReduction)] }, ("layerReductions", ""));

    private readonly ConfigurationOption tensorReduction = ConfigurationOption.Choice(
        "--tensor-reduction", "how the tensors of a layer become a number", "tensorReduction", c => c.TensorReduction,
        (c, value) => c with { TensorReduction = value });

    private readonly ConfigurationOption elementReduction = ConfigurationOption.Choice(
        "--element-reduction", "how the elements of a tensor become a number", "elementReduction", c => c.ElementReduction,
        (c, value) => c with { ElementReduction = value });

    private readonly ConfigurationOption combine = ConfigurationOption.Choice(
        "--combine", "what products are applied to: the branches' numbers, or tensors of one shape element by element", "combine",
        c => c.Combine, (c, value) => c with { Combine = value });

    private readonly ConfigurationOption fitness = ConfigurationOption.Choice(
        "--fitness",
        "what proxies are compared by: rank correlation with the truth, with what a regression on structure leaves of it, with the truth " +
        "smoothed by structure, or, of the sum of both rankings, with the truth",
        "fitness", c => c.Fitness, (c, value) => c with { Fitness = value });

    private readonly ConfigurationOption prefix = ConfigurationOption.Text(
        new("--prefix")
        {
            Description = "ranking by structure that comes before proxies, which then break its ties (there must be some): a baseline's " +
                $"name, '{RankingNames.LayersThenHiddenSize}', '{RankingNames.StructureRegression}' or " +
                $"'{RankingNames.StackedRegressions}'; with it --fitness is truth, and --answer is proxy unless given",
            HelpName = "NAME",
        }, "none", c => c.Prefix,
        // Options given besides are read later.
        Behind, ("prefix", ""));

    private readonly ConfigurationOption answer = ConfigurationOption.Text(
        CommonOptions.OneOf(
            "--answer",
            "what the answer is made of: the best proxy, the mean rank by the best ones or by up to three of them, by the best ones and " +
            "regressions on structure, or a regression on structure and proxies",
            AnswerRules.All, standard: null),
        "none", c => AnswerRules.Name(c.Answer), (c, name) => c with { Answer = AnswerRules.Parse(name) }, ("answer", ""));

    private readonly ConfigurationOption loss = ConfigurationOption.Choice(
        "--loss",
        "what an encoder's gradients are of: the output times seeded signs, the cross entropy of masked tokens, or the sum of the output",
        "loss",
        c => c.Loss, (c, value) => c with { Loss = value });

    private readonly ConfigurationOption weightStart = ConfigurationOption.Text(
        CommonOptions.OneOf(
            "--init", "how weights are drawn: normal 0.02, or as the space's networks began their training", WeightStarts.All,
            standard: null),
        "normal", c => WeightStarts.Name(c.Start), (c, name) => c with { Start = WeightStarts.Parse(name) }, ("start", ""));

    private readonly ConfigurationOption mode = ConfigurationOption.Choice(
        "--mode", "networks as they are used, or with dropout of 10%, seeded, as while they are trained", "mode", c => c.Mode,
        (c, value) => c with { Mode = value });

    private readonly Option<bool> asPublished = new("--as-published")
    {
        Description = "as the published scoring code of FlexiBERT has it: --shapes published --loss sum --mode training, unless given",
    };

    private readonly ConfigurationOption weights = ConfigurationOption.Choice(
        "--weights", "which linear maps W and G hold", "weights", c => c.Weights, (c, value) => c with { Weights = value });

    private readonly ConfigurationOption minDistinct = ConfigurationOption.Number<double>(
        "--min-distinct", "floor on distinct scores over distinct networks", "minDistinct", c => c.MinDistinct,
        (c, value) => c with { MinDistinct = value });

    private readonly ConfigurationOption shapes = ConfigurationOption.Text(
        CommonOptions.OneOf("--shapes", "which networks the genotypes stand for", ShapesNames.All, standard: null), "the benchmark's own",
        c => c.Shapes is { } set ? ShapesNames.Name(set) : null, (c, name) => c with { Shapes = ShapesNames.Parse(name) }, ("shapes", ""));

    private readonly ConfigurationOption batch = ConfigurationOption.Text(
        new("--batch")
        {
            Description = "mini-batch as sequences x tokens; where not given, 4x64 for decoders, and at most a benchmark's positions",
            HelpName = "8x128",
        }, "none",
        c => string.Create(CultureInfo.InvariantCulture, $"{c.BatchSize}x{c.SequenceLength}"),
        (c, text) => c with { BatchSize = ReadBatch(text).BatchSize, SequenceLength = ReadBatch(text).SequenceLength },
        ("batchSize", ", sequences"), ("sequenceLength", ", tokens"));

    // What falls into the search set, whose seed is also that of the evolution.
    private readonly ImmutableArray<ConfigurationOption> split;

    // How a run breeds, and when it ends.
    private readonly ImmutableArray<ConfigurationOption> breeding =
    [
        ConfigurationOption.Number<int>("--iterations", "iterations after the first population", "iterations", c => c.Iterations,
            (c, value) => c with { Iterations = value }),
        ConfigurationOption.Number<int>(
            "--population", "proxies in the population", "population", c => c.Population, (c, value) => c with { Population = value }),
        ConfigurationOption.Number<int>("--offspring", "offspring bred from the same population in an iteration", "offspringPerIteration",
            c => c.OffspringPerIteration, (c, value) => c with { OffspringPerIteration = value }),
        ConfigurationOption.Number<double>("--tournament", "share of the population that may be parents", "tournamentRatio",
            c => c.TournamentRatio, (c, value) => c with { TournamentRatio = value }),
        ConfigurationOption.Number<double>("--crossover", "probability of crossover", "crossoverRate", c => c.CrossoverRate,
            (c, value) => c with { CrossoverRate = value }),
        ConfigurationOption.Number<double>(
            "--mutation", "probability of mutation", "mutationRate", c => c.MutationRate, (c, value) => c with { MutationRate = value }),
        ConfigurationOption.Number<int>("--evaluations", "stop after so many scored proxies", "evaluations", c => c.Evaluations,
            (c, value) => c with { Evaluations = value }),
        ConfigurationOption.Number<double>(
            "--target", "stop when the best proxy reaches this rho, or what --fitness compares instead", "target", c => c.Target,
            (c, value) => c with { Target = value }),
        ConfigurationOption.Number<int>("--plateau", "stop after so many iterations without a better best proxy", "plateau", c => c.Plateau,
            (c, value) => c with { Plateau = value }),
        ConfigurationOption.Text(
            new(StartWith) { Description = "file with known proxies that the first population begins with, one a line", HelpName = File },
            "none",
            c => c.StartWith.IsEmpty ? null : "FILE_WITH_ITS_FIRST_PROXIES", (c, file) => c with { StartWith = ReadProxies(file) },
            ("startWith", "")),
        ConfigurationOption.Choice(
            "--strategy", "where offspring come from", "strategy", c => c.Strategy, (c, value) => c with { Strategy = value }),
        ConfigurationOption.Choice(
            "--draw", "how random proxies are drawn", "drawWeights", c => c.DrawWeights, (c, value) => c with { DrawWeights = value }),
    ];

    public SearchOptions() => split = [seed, splitSeed, searchArchitectures, sampling, searchIds];

    public IEnumerable<Option> All => Of(Table);

    /// <summary>Those that the ranking of a whole space depends on.</summary>
    public IEnumerable<Option> Ranking => Of(
        [truth, .. split, inputs, unary, pruning, layerReduction, tensorReduction, elementReduction, combine, fitness, answer, weights,
            minDistinct, shapes, batch, weightsSeed, batchSeed, loss, weightStart, mode]);

    /// <summary>
    /// Those that the ranking of a whole space on several sets at once depends on: proxies are compared by the truth alone.
    /// </summary>
    public IEnumerable<Option> JointRanking => Of(
        [truth, .. split, inputs, unary, pruning, layerReduction, tensorReduction, elementReduction, weights, minDistinct, shapes, batch,
            weightsSeed, batchSeed, loss, weightStart, mode]);

    /// <summary>Those that a choice among reductions depends on.</summary>
    public IEnumerable<Option> Choosing =>
        Of([
            truth, .. split, inputs, unary, pruning, combine, prefix, weights, minDistinct, shapes, batch, weightsSeed, batchSeed, loss,
            weightStart, mode,
        ]);

    /// <summary>Those of a search that is taken apart: all but what is varied.</summary>
    public IEnumerable<Option> Ablating =>
        Of([.. Table.Where(option => option != unary && option.Option.Name is not ("--population" or "--strategy" or StartWith))]);

    /// <summary>Those that searches of one split, with networks probed in one way, may differ by.</summary>
    public IEnumerable<Option> Varying => Varied.Select(option => option.Option);

    /// <summary>Those that scoring a single proxy depends on.</summary>
    public IEnumerable<Option> Probing =>
    [
        .. Of([
            truth, layerReduction, tensorReduction, elementReduction, combine, weights, shapes, batch, weightsSeed, batchSeed, loss,
            weightStart, mode]),
        asPublished,
    ];

    /// <summary>Those that scoring a single proxy on the parts of a split depends on.</summary>
    public IEnumerable<Option> ProbingOfSplit => [.. Probing, .. split.Select(option => option.Option)];

    /// <summary>The one table of options: help, reading, and the command that repeats a run are made from it.</summary>
    private ImmutableArray<ConfigurationOption> Table =>
    [
        truth, .. split, .. breeding, inputs, unary, pruning, layerReduction, tensorReduction, elementReduction, combine, prefix, fitness,
        answer, weights, minDistinct, shapes, batch, weightsSeed, batchSeed, loss, weightStart, mode,
    ];

    private ImmutableArray<ConfigurationOption> Varied =>
    [
        .. breeding, inputs, unary, pruning, layerReduction, tensorReduction, elementReduction, combine, prefix, fitness, minDistinct,
    ];

    /// <summary>What to type to get the configuration: its preset, and the options that depart from it.</summary>
    public IEnumerable<string> ArgumentsFor(SearchConfiguration configuration)
    {
        var start = SearchConfiguration.Presets.GetValueOrDefault(configuration.Preset) ?? SearchConfiguration.Presets["default"];
        return
        [
            preset.Name, start.Preset,
            .. Table.Where(option => option == seed || option.ValueIn(configuration) != option.ValueIn(start))
                .SelectMany(option => option.ValueIn(configuration) is { } value ? new[] { option.Option.Name, value } : []),
        ];
    }

    /// <summary>What an option is where nobody gives it, as it is typed; null where it is not set then, or not one of these.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="preset">The preset that is in force.</param>
    public string? DefaultOf(string option, string preset) =>
        Table.FirstOrDefault(each => each.Option.Name == option)?.ValueIn(SearchConfiguration.Presets[preset]);

    /// <summary>What a prefix makes of an option that nobody gives, as it is typed; null where it leaves it to the preset.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="preset">The preset that is in force.</param>
    public string? SetByPrefix(string option, string preset)
    {
        var start = SearchConfiguration.Presets[preset];
        return option == prefix.Option.Name || Table.FirstOrDefault(each => each.Option.Name == option) is not { } about
            || about.ValueIn(Behind(start, "")) is not { } value || value == about.ValueIn(start)
                ? null
                : value;
    }

    /// <summary>Which options a prefix that is given has set besides itself, in a line; null where there is none.</summary>
    public string? NoteOfPrefix(ParseResult parsed)
    {
        var set = parsed.GetResult(prefix.Option) is null ? [] : Table
            .Where(each => parsed.GetResult(each.Option) is null)
            .Select(each => (each.Option.Name, Value: SetByPrefix(each.Option.Name, parsed.GetValue(preset)!)))
            .Where(each => each.Value is not null).Select(each => $"{each.Name} {each.Value}").ToList();
        return set.Count == 0
            ? null
            : $"{prefix.Option.Name} sets {string.Join(" and ", set)}, in place of the preset's";
    }

    /// <summary>Whether somebody says which shapes the networks have.</summary>
    public bool HasGivenShapes(ParseResult parsed) =>
        parsed.GetResult(shapes.Option) is not null || (parsed.GetResult(asPublished) is not null && parsed.GetValue(asPublished));

    /// <summary>The names of those of <see cref="Probing"/> that are given and that a predictor's file says instead.</summary>
    public ImmutableArray<string> GivenOfProbe(ParseResult parsed) =>
    [
        // A file says of the shapes, too, but those that are given go before.
        .. Probing.Except([preset, truth.Option, shapes.Option, asPublished])
            .Where(option => CommonOptions.IsGiven(parsed, option)).Select(option => option.Name),
    ];

    /// <summary>The name of the truth that the benchmark's source has to give; null for its usual one.</summary>
    public string? SourceTruth(ParseResult parsed) => TruthName.OfSource(parsed.GetValue((Option<string>)truth.Option));

    /// <summary>The configuration for a benchmark.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="needsSplit">Whether a part of the benchmark has to be there that can be searched.</param>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public SearchConfiguration Read(ParseResult parsed, Benchmark benchmark, bool needsSplit = true)
    {
        var start = SearchConfiguration.Presets[parsed.GetValue(preset)!];
        var configuration = Table.Aggregate(
            AsPublished(FittedPreset.Of(start, benchmark), parsed, benchmark), (read, option) => option.Apply(parsed, read));
        if (!configuration.SearchIds.IsEmpty
            && new[] { searchArchitectures, sampling }.FirstOrDefault(option => parsed.GetResult(option.Option) is not null) is { } other)
        {
            throw new UsageException(
                $"{other.Option.Name} has no meaning with {SearchIds}: the file says which architectures the search ranks");
        }

        Check(configuration, benchmark, needsSplit);
        CheckRules(configuration);
        return configuration;
    }

    /// <summary>A configuration that departs from another one by those of <see cref="Varying"/> that are given.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public SearchConfiguration Depart(ParseResult parsed, SearchConfiguration from, Benchmark benchmark)
    {
        var configuration = Varied.Aggregate(from, (read, option) => option.Apply(parsed, read));
        Check(configuration, benchmark);
        CheckRules(configuration);
        return configuration;
    }

    /// <summary>What a preset adds of structure has no meaning behind a prefix.</summary>
    private static SearchConfiguration Behind(SearchConfiguration configuration, string name) =>
        configuration with { Prefix = name, Fitness = FitnessTarget.Truth, Answer = AnswerRule.Proxy };

    private SearchConfiguration AsPublished(SearchConfiguration configuration, ParseResult parsed, Benchmark benchmark)
    {
        if (parsed.GetResult(asPublished) is null || !parsed.GetValue(asPublished))
        {
            return configuration;
        }

        return benchmark.Architectures[0].Genotype is { HasDropout: true }
            ? configuration with { Shapes = Shapes.Published, Loss = LossKind.Sum, Mode = ProbeMode.Training }
            : throw new UsageException(
                $"--as-published: no scoring code is published of space {benchmark.Architectures[0].Genotype.Space}; leave it out");
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

    private void Check(SearchConfiguration configuration, Benchmark benchmark, bool needsSplit = true)
    {
        var problems = configuration.Problems(benchmark);
        if (problems.IsEmpty && FindMisfit() is { } misfit)
        {
            problems = [misfit];
        }

        if (!problems.IsEmpty)
        {
            throw new UsageException(string.Join("; ", problems.Select(problem => problem.Describe(OptionOf(problem.Field)))));
        }

        ConfigurationProblem? FindMisfit() => needsSplit
            ? BenchmarkFit.FindProblem(benchmark, configuration) ?? PrefixTies.FindProblem(benchmark, configuration)
            : BenchmarkFit.FindProblemOfProbe(benchmark, configuration);
    }

    /// <summary>A known proxy that the rules refuse would be left out without a word.</summary>
    private static void CheckRules(SearchConfiguration configuration)
    {
        var rules = RuleBasedPruning.Of(configuration);
        foreach (var proxy in configuration.StartWith)
        {
            if (rules.Judge(proxy).Refusal is { } refusal)
            {
                throw new UsageException(
                    $"{StartWith} {proxy}: the rule {refusal.Name} refuses it ({refusal.Reason}); leave it out, or give --pruning none");
            }
        }
    }

    private static ImmutableArray<string> ReadIds(string file) => [.. LineFile.Read(SearchIds, file).Select(line => line.Text)];

    private static ImmutableArray<Proxy> ReadProxies(string file)
    {
        return [.. LineFile.Read(StartWith, file).Select(Parse)];

        Proxy Parse(FileLine line)
        {
            try
            {
                return ProxyNames.Expression(line.Text);
            }
            catch (Exception problem) when (problem is ProxySyntaxException or UsageException)
            {
                throw new UsageException(
                    $"{StartWith} {file}: line {line.Number.ToString(CultureInfo.InvariantCulture)}, {problem.Message}");
            }
        }
    }

    /// <summary>The option that sets a field of the configuration, by the field's name in JSON.</summary>
    private string OptionOf(string field) => Table
        .SelectMany(option => option.Fields.Select(set => (set.Field, Name: $"{option.Option.Name}{set.Part}")))
        .Where(set => set.Field == field)
        .Select(set => set.Name)
        .FirstOrDefault(field);

    private IEnumerable<Option> Of(ImmutableArray<ConfigurationOption> options) => options.Select(option => option.Option).Prepend(preset);

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

        throw new UsageException(
            $"--layer-reduction {name}: {NearestNames.Suggest(name, Enum.GetValues<LayerReduction>().Select(OperationNames.Name))}");
    }
}
